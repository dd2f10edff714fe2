// What train_blueprint --help says before its flags.
#ifndef NASHVILLE_TOOLS_TRAIN_BLUEPRINT_HELP_H_
#define NASHVILLE_TOOLS_TRAIN_BLUEPRINT_HELP_H_

namespace nash {

inline constexpr char kTrainBlueprintHelp[] =
    R"(train_blueprint trains a blueprint strategy by Monte-Carlo counterfactual regret minimisation.

  train_blueprint --config=configs/quickstart.yaml              a first look, under a minute
  train_blueprint --config=F --out=DIR                          the run that F defines
  train_blueprint --config=F --out=DIR --resume                 go on with it, or start it
  train_blueprint --config=F --out=DIR --time_budget=3600       for an hour
  train_blueprint --out=DIR --resume                            go on as DIR/run.yaml has it
  train_blueprint --config=F --out=runs/f-7 --seed=7 --set algorithm.quantum=0.5
                                                                one of a sweep

The definition says what is computed, flags say where and how fast. --seed and --set change the
definition, before anything else looks at it; it is stored as changed, so that to go on, and to look
at the run, needs neither. No other flag changes a byte of the result, and a run interrupted at any
moment and resumed ends with the same bytes as one that never was. Ctrl-C (or SIGTERM) saves and
exits 0; a second Ctrl-C ends at once and loses the rounds since the last checkpoint, nothing else.
A coordinator sends its workers home then; stopped by SIGUSR1 it does not, and they wait for the
next one. With --resume the program can be put in a restart loop.

A run whose definition says lag: 1 is saved and ended only where its lines of units meet, every
meet_every rounds (docs/run_definition.md): limits, Ctrl-C and checkpoints wait for the next meeting.

  train_blueprint --config=F --out=DIR --resume --listen=tcp://0.0.0.0:5555 \
      --keys=keys/coordinator.key --allow=keys/allowed          workers train (docs/cluster.md)

With --listen this process is the coordinator: it leases units of work to workers (worker --help),
merges what they send, and writes checkpoints and the round log. Workers come, go and die as they
like; the result has the same bytes. Beyond loopback and ipc it takes keys (keygen --help).
--local_workers=N has workers in this process, with --listen or alone; each has a table of its own.

With --evaluate_every=SECONDS the newest checkpoint is measured while the run goes on (evaluate
--help; by default heads-up hold'em from 200 rivers, other games of two exactly, games of more by a
learned exploiter): the progress line and metrics.jsonl have the bound. It changes no byte, and no more
often than there are new checkpoints (--checkpoint_every). --until_exploitability=CHIPS ends the run at
a bound as low:

  train_blueprint --config=F --out=DIR --checkpoint_every=60 --evaluate_every=120
  train_blueprint --config=configs/leduc.yaml --out=DIR --checkpoint_every=1 --evaluate_every=1 \
      --until_exploitability=0.02

--plan trains nothing: it counts infosets, memory and disk, trains ten seconds to see how fast this
machine is, and prints what the run will take here and with workers, and what to change where it does
not fit (docs/planning.md):

  train_blueprint --plan --config=F --hosts=16 --bandwidth=10 [--json]

Without --iterations, --rounds and --time_budget a run has the length its definition gives.

Look at the result with inspect_checkpoint and evaluate. Exit codes: 0 done or stopped by a signal;
2 a flag or a definition to correct; 3 a file is not there; 4 damaged; 5 of another definition or
version; 6 no room on disk or in memory; 7 not permitted; 8 in use; 9 the folder holds a run.
)";

}  // namespace nash

#endif  // NASHVILLE_TOOLS_TRAIN_BLUEPRINT_HELP_H_
