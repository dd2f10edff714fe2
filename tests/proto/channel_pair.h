// Coordinator and worker channels for tests, on real sockets.
#ifndef NASHVILLE_TESTS_PROTO_CHANNEL_PAIR_H_
#define NASHVILLE_TESTS_PROTO_CHANNEL_PAIR_H_

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "proto/channel.h"
#include "proto/message_limits.h"

namespace nash {

inline constexpr std::chrono::milliseconds kTick(20);
// Far more than anything takes; only a failure waits for it.
inline constexpr std::chrono::seconds kPatience(10);
// How long nothing has to happen before a test believes that it will not.
inline constexpr std::chrono::milliseconds kSilence(1500);

inline std::unique_ptr<CoordinatorChannel> ListenOn(ChannelContext* context,
                                                    const std::string& endpoint) {
  auto channel = CoordinatorChannel::Listen(context, {.endpoints = {endpoint}});
  EXPECT_TRUE(channel.ok()) << channel.status();
  return *std::move(channel);
}

inline std::unique_ptr<WorkerChannel> ConnectTo(ChannelContext* context,
                                                const CoordinatorChannel& coordinator) {
  auto channel = WorkerChannel::Connect(context, {.endpoint = coordinator.endpoints()[0]});
  EXPECT_TRUE(channel.ok()) << channel.status();
  return *std::move(channel);
}

// The next frame that comes; a worker that has none yet to connect repeats `hello`.
inline std::optional<ReceivedFrame> Next(CoordinatorChannel* coordinator,
                                         WorkerChannel* worker = nullptr,
                                         const std::string& hello = "",
                                         std::chrono::milliseconds patience = kPatience) {
  const auto end = std::chrono::steady_clock::now() + patience;
  bool is_sent = worker == nullptr;
  while (std::chrono::steady_clock::now() < end) {
    if (!is_sent) is_sent = worker->Send(hello);
    std::vector<ReceivedFrame> frames = coordinator->Poll(kTick);
    if (worker != nullptr) worker->Poll(std::chrono::milliseconds(0));
    if (!frames.empty()) return frames.front();
  }
  return std::nullopt;
}

inline std::optional<std::string> Next(WorkerChannel* worker) {
  const auto end = std::chrono::steady_clock::now() + kPatience;
  while (std::chrono::steady_clock::now() < end) {
    std::vector<std::string> frames = worker->Poll(kTick);
    if (!frames.empty()) return frames.front();
  }
  return std::nullopt;
}

}  // namespace nash

#endif  // NASHVILLE_TESTS_PROTO_CHANNEL_PAIR_H_
