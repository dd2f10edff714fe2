// One process at a time:
//
//   Step()  no process, time, a newer checkpoint  ->  posix_spawn evaluate KIND CHECKPOINT --json
//   Step()  a process                             ->  drain both pipes; waitpid without waiting
//   Step()  it has ended                          ->  its JSON is the measurement
//
// posix_spawn and not fork: a copy of the page tables of a large run takes seconds. The process has
// a group of its own, so that Ctrl-C on a terminal stops the run and not this; it inherits no
// descriptor, so that the lock of the run folder ends with the run. Priorities are set from here
// just after it began, before it has threads.
//
// Of checkpoints the newest two stay, and a slow measurement may begin when its own is third: so it
// reads links to the files, which never change once they are there.
//
// The share of time: a process that took C seconds of processors is followed by none before
// C / (share * cores) seconds have passed since it began. tests/tools/yardstick_test.cc reads
// results, while_training_test.sh runs it all.
#include "tools/training/yardstick.h"

#include <fcntl.h>
#include <glog/logging.h>
#include <signal.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"
#include "absl/strings/strip.h"
#include "common/status_macros.h"
#include "solver/checkpoint/checkpoint_folder.h"
#include "tools/program/exit_codes.h"

namespace nash {
namespace {

constexpr double kLookEverySeconds = 0.05;
// A quarter of a core where all cores are busy; how long in all, the share of time decides. With 10
// it is a tenth of a core, and the quick start's first value took over a minute.
constexpr int kNice = 5;
constexpr char kHeldFolder[] = "measured";  // in the run folder, while a checkpoint is read
constexpr size_t kErrorTextMax = 4096;      // the last of what it says
// Deals that a seat learns from, where no kind is named.
constexpr char kLearnedDeals[] = "--iterations=1048576";
constexpr char kBoards[] = "--boards=200";

// The last line of a text that says something.
std::string LastLine(const std::string& text) {
  std::string last;
  for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipWhitespace())) {
    last = std::string(line);
  }
  return last;
}

// A process that was started, and our ends of the pipes from its stdout and stderr.
struct Spawned {
  pid_t pid;
  int result_fd;
  int errors_fd;
};

absl::Status CannotStart(absl::string_view what, int error) {
  return absl::UnavailableError(absl::StrCat(what, ": ", std::strerror(error)));
}

// A pipe of which we read without waiting, and whose other end waits like any file's.
absl::Status OpenPipe(int (&ends)[2]) {
  if (pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return CannotStart("no pipe", errno);
  fcntl(ends[1], F_SETFL, 0);
  return absl::OkStatus();
}

// Starts words[0], a path, with the ends of two pipes as stdout and stderr and nothing else of
// ours: no other descriptor, no signal that is blocked or ignored, a process group of its own.
// Returns what posix_spawn() does: 0 or an errno.
int SpawnWith(std::vector<std::string> words, int stdout_fd, int stderr_fd, pid_t* pid) {
  std::vector<char*> argv;
  for (std::string& word : words) argv.push_back(word.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&files, stdout_fd, STDOUT_FILENO);
  posix_spawn_file_actions_adddup2(&files, stderr_fd, STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&files, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes,
                           POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP);
  const int error = posix_spawn(pid, argv[0], &files, &attributes, argv.data(), environ);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&files);
  return error;
}

absl::StatusOr<Spawned> Spawn(std::vector<std::string> words) {
  int result[2], errors[2];
  RETURN_IF_ERROR(OpenPipe(result));
  if (const absl::Status opened = OpenPipe(errors); !opened.ok()) {
    close(result[0]);
    close(result[1]);
    return opened;
  }
  const std::string program = words[0];
  Spawned spawned = {0, result[0], errors[0]};
  const int error = SpawnWith(std::move(words), result[1], errors[1], &spawned.pid);
  // Their copies are the process's now: an end that stayed open here would hide that it has ended.
  close(result[1]);
  close(errors[1]);
  if (error == 0) return spawned;
  close(result[0]);
  close(errors[0]);
  return CannotStart(absl::StrCat(program, " cannot be started"), error);
}

}  // namespace

absl::StatusOr<std::vector<std::string>> ParseYardstick(absl::string_view text,
                                                        const GameDefinition& game) {
  std::vector<std::string> arguments = absl::StrSplit(text, ' ', absl::SkipWhitespace());
  if (arguments.empty()) {
    if (game.num_players > 2) return std::vector<std::string>{"exploit", kLearnedDeals};
    if (!game.IsHoldem() || game.num_streets < 4) return std::vector<std::string>{"nashconv"};
    return std::vector<std::string>{"nashconv", "--from=river", kBoards};
  }
  const std::string& kind = arguments[0];
  if (kind != "nashconv" && kind != "lbr" && kind != "exploit") {
    return absl::InvalidArgumentError(
        absl::StrCat("--evaluate=", text,
                     ": no bound; begin with nashconv, lbr or exploit (evaluate --help), "
                     "and put its flags after it, with blanks between"));
  }
  if (kind == "lbr" && game.num_players != 2) {
    return absl::InvalidArgumentError(absl::StrCat("--evaluate=", text,
                                                   ": lbr is for two players, ", "this game has ",
                                                   game.num_players, "; use exploit"));
  }
  return arguments;
}

absl::StatusOr<std::string> FindEvaluate() {
  std::error_code error;
  const std::filesystem::path own = std::filesystem::read_symlink("/proc/self/exe", error);
  const std::string path = (own.parent_path() / "evaluate").string();
  if (!error && access(path.c_str(), X_OK) == 0) return path;
  return absl::NotFoundError(absl::StrCat(
      path, ": --evaluate_every needs the program evaluate beside this one; put it there"));
}

absl::StatusOr<Measurement> ParseMeasurement(const std::string& json, const std::string& kind,
                                             uint64_t round) {
  const nlohmann::json parsed = nlohmann::json::parse(json, nullptr, /*allow_exceptions=*/false);
  const auto no_result = [&](absl::string_view why) {
    return absl::InvalidArgumentError(absl::StrCat("evaluate ", kind, ": ", why));
  };
  if (!parsed.is_object()) return no_result("printed no JSON object");
  if (parsed.contains("is_complete") && parsed["is_complete"] == false) {
    return no_result("was stopped before it was done");
  }
  const auto number = [&](const char* key) -> std::optional<double> {
    if (!parsed.contains(key) || !parsed[key].is_number()) return std::nullopt;
    return parsed[key].get<double>();
  };
  // The names that subcommands have for a bound and half of its interval.
  constexpr std::pair<const char*, const char*> kNames[] = {
      {"exploitability_at_least", "half_width_95"},
      {"exploitability", ""},
      {"chips", "chips_half_width"}};
  Measurement measurement;
  measurement.kind = kind;
  measurement.round = round;
  measurement.iterations = static_cast<uint64_t>(number("iterations").value_or(0));
  for (const auto& [chips, half_width] : kNames) {
    if (!number(chips).has_value()) continue;
    measurement.chips = *number(chips);
    measurement.half_width = number(half_width).value_or(0);
    return measurement;
  }
  return no_result("printed no bound");
}

Yardstick::Yardstick(const YardstickOptions& options, const std::string& run_folder, int num_cores)
    : options_(options),
      run_folder_(run_folder),
      num_cores_(num_cores),
      next_start_(options.every_seconds) {}

Yardstick::~Yardstick() {
  if (pid_ != 0) {
    kill(pid_, SIGKILL);
    waitpid(pid_, nullptr, 0);
    Release();
  }
  CloseOutputs();
}

void Yardstick::CloseOutputs() {
  for (Output* output : {&result_, &errors_}) {
    if (output->fd >= 0) close(output->fd);
    *output = Output();
  }
}

void Yardstick::Drain(Output* output) {
  char buffer[4096];
  for (ssize_t n; (n = read(output->fd, buffer, sizeof(buffer))) > 0;) {
    output->text.append(buffer, static_cast<size_t>(n));
  }
}

std::string Yardstick::Hold(uint64_t round) const {
  namespace fs = std::filesystem;
  const std::string checkpoint = CheckpointPath(run_folder_, round);
  const fs::path held = fs::path(run_folder_) / kHeldFolder / CheckpointName(round);
  Release();  // what a crash may have left
  std::error_code error;
  fs::create_directories(held, error);
  for (fs::directory_iterator file(checkpoint, error), end; !error && file != end;) {
    fs::create_hard_link(file->path(), held / file->path().filename(), error);
    if (!error) file.increment(error);
  }
  if (!error) return held.string();
  Release();
  return checkpoint;
}

void Yardstick::Release() const {
  std::error_code ignored;  // what is left is removed before the next
  std::filesystem::remove_all(std::filesystem::path(run_folder_) / kHeldFolder, ignored);
}

absl::Status Yardstick::Start(uint64_t round, double seconds) {
  std::vector<std::string> words = {options_.program, options_.arguments[0], Hold(round), "--json",
                                    "--threads=1"};
  if (!options_.bucket_cache.empty()) {
    words.push_back(absl::StrCat("--bucket_cache=", options_.bucket_cache));
  }
  words.insert(words.end(), options_.arguments.begin() + 1, options_.arguments.end());
  const absl::StatusOr<Spawned> spawned = Spawn(std::move(words));
  if (!spawned.ok()) {
    Release();
    return spawned.status();
  }
  // All cores may be busy with the run: the process gets the rest, and is the first that the system
  // ends where memory is short.
  setpriority(PRIO_PROCESS, static_cast<id_t>(spawned->pid), kNice);
  std::ofstream(absl::StrCat("/proc/", spawned->pid, "/oom_score_adj")) << 1000;
  pid_ = spawned->pid;
  result_ = {spawned->result_fd, ""};
  errors_ = {spawned->errors_fd, ""};
  round_ = round;
  has_measured_ = true;
  began_ = seconds;
  return absl::OkStatus();
}

absl::StatusOr<std::optional<Measurement>> Yardstick::TakeEnd(int status, double seconds) {
  Drain(&result_);
  Drain(&errors_);
  const std::string json = result_.text;
  const std::string said = LastLine(errors_.text);
  CloseOutputs();
  Release();
  const std::string name = absl::StrCat("evaluate ", absl::StrJoin(options_.arguments, " "));
  if (WIFEXITED(status) && WEXITSTATUS(status) == kExitOk) {
    absl::StatusOr<Measurement> measurement = ParseMeasurement(json, options_.arguments[0], round_);
    RETURN_IF_ERROR(measurement.status());
    measurement->seconds = seconds - began_;
    return *std::move(measurement);
  }
  is_given_up_ = WIFEXITED(status) && WEXITSTATUS(status) == kExitUsage;
  return absl::UnavailableError(
      absl::StrCat("round ", round_, " was not measured: ", name,
                   WIFEXITED(status) ? absl::StrCat(" ended with code ", WEXITSTATUS(status))
                                     : absl::StrCat(" was ended by signal ", WTERMSIG(status)),
                   said.empty() ? "" : absl::StrCat(": ", said),
                   is_given_up_ ? "; nothing is measured any more, correct --evaluate" : ""));
}

absl::StatusOr<std::optional<Measurement>> Yardstick::Step(double seconds) {
  if (seconds < next_look_ || is_given_up_) return std::nullopt;
  next_look_ = seconds + kLookEverySeconds;
  if (pid_ != 0) {
    Drain(&result_);
    Drain(&errors_);
    if (errors_.text.size() > 2 * kErrorTextMax) {
      errors_.text.erase(0, errors_.text.size() - kErrorTextMax);
    }
    int status = 0;
    struct rusage usage = {};
    if (wait4(pid_, &status, WNOHANG, &usage) != pid_) return std::nullopt;
    pid_ = 0;
    const auto seconds_of = [](const timeval& t) { return t.tv_sec + t.tv_usec * 1e-6; };
    const double used = seconds_of(usage.ru_utime) + seconds_of(usage.ru_stime);
    next_start_ =
        std::max(began_ + options_.every_seconds, began_ + used / (options_.share * num_cores_));
    return TakeEnd(status, seconds);
  }
  if (seconds < next_start_) return std::nullopt;
  ASSIGN_OR_RETURN(const std::vector<uint64_t> rounds, ListRounds(run_folder_));
  if (rounds.empty() || (has_measured_ && rounds.front() == round_)) return std::nullopt;
  next_start_ = seconds + options_.every_seconds;
  RETURN_IF_ERROR(Start(rounds.front(), seconds));
  return std::nullopt;
}

}  // namespace nash
