#include "tests/sim/engine.h"

#include <glog/logging.h>

namespace nash {

ReferenceRun RunUndisturbed(const Engine& engine, uint64_t rounds) {
  ReferenceRun run;
  const std::unique_ptr<SimMaster> master = engine.MakeMaster();
  const std::unique_ptr<SimReplica> replica = engine.MakeReplica();
  CHECK(replica->Prepare("").ok());
  for (uint64_t round = 0; round < rounds; ++round) {
    for (uint32_t unit = 0; unit < engine.units(); ++unit) {
      for (const EncodedRows& part : replica->Run({round, unit}).parts) {
        const auto rows = master->Decode(part);
        CHECK(rows.ok()) << rows.status();
        master->Add(*rows);
      }
    }
    for (const MergedPart& part : master->Finish()) CHECK(replica->Apply(part.regrets).ok());
    replica->EndRound();
    CHECK_EQ(replica->regret_hash(), master->regret_hash());
    run.regret_hashes.push_back(master->regret_hash());
  }
  run.state_hash = master->state_hash();
  return run;
}

}  // namespace nash
