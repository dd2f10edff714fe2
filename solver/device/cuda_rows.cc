// Rows stay on the device for a whole clustering; centroids go there once an iteration. A search is
// cut into pieces of kCudaRowsPerPiece rows with two in flight: while the processor takes the
// answers of one in, the device works on the next.
//
//   stream 0   search piece 0, copy | search piece 2, copy | ...
//   stream 1      search piece 1, copy | search piece 3 ...
//   host                            sink 0 | sink 1 | sink 2
//
// Waiting is by polling with a limit (WaitFor), since CUDA's own waits have none and a device that
// hangs must not stop a build: an error here makes the processor go on alone. For the same reason
// memory is leaked rather than freed where work may still be under way; freeing would wait.
#include "solver/device/cuda_rows.h"

#include <cuda_runtime_api.h>

#include <algorithm>
#include <array>
#include <string>
#include <thread>

#include "common/status_macros.h"
#include "solver/device/cuda_status.h"
#include "solver/device/row_kernels.h"

namespace nash {
namespace {

// Pieces in flight.
constexpr int kPieces = 2;

class CudaRows : public RowDevice {
 public:
  explicit CudaRows(int ordinal) : ordinal_(ordinal) {}
  ~CudaRows() override;

  absl::Status Open();

  std::string name() const override { return name_; }
  absl::Status Load(const DeviceRows& rows) override;
  absl::Status FindNearest(absl::Span<const uint8_t> centroids, const NearestSink& sink) override;

 private:
  struct Piece {
    cudaStream_t stream = nullptr;
    DeviceArray<NearestCentroid> nearest;
    PinnedArray<NearestCentroid> host_nearest;
  };

  // Rows of the piece that begins at `begin`.
  uint32_t SizeFrom(uint64_t begin) const {
    return static_cast<uint32_t>(std::min<uint64_t>(kCudaRowsPerPiece, size_ - begin));
  }
  absl::Status Begin(uint64_t begin, uint32_t num_centroids);
  absl::Status WaitFor(const Piece& piece) const;
  Piece& PieceAt(uint64_t begin) { return pieces_[begin / kCudaRowsPerPiece % kPieces]; }

  const int ordinal_;
  std::string name_;
  RowMetric metric_ = RowMetric::kInvalid;
  uint64_t size_ = 0;
  std::unique_ptr<DeviceArray<uint8_t>> rows_;
  std::unique_ptr<DeviceArray<uint8_t>> centroids_;
  std::array<Piece, kPieces> pieces_;
};

CudaRows::~CudaRows() {
  bool is_idle = cudaSetDevice(ordinal_) == cudaSuccess;
  // After an error in a search its other piece may be on its way.
  for (const Piece& piece : pieces_) is_idle = is_idle && EndsSoon(piece.stream);
  if (is_idle) {
    for (Piece& piece : pieces_) {
      if (piece.stream != nullptr) cudaStreamDestroy(piece.stream);
    }
    return;
  }
  // Freeing would wait for a device that may never answer.
  if (rows_ != nullptr) rows_->Leak();
  if (centroids_ != nullptr) centroids_->Leak();
  for (Piece& piece : pieces_) {
    piece.nearest.Leak();
    piece.host_nearest.Leak();
  }
}

absl::Status CudaRows::Open() {
  ASSIGN_OR_RETURN(name_, UseCudaDevice(ordinal_));
  for (Piece& piece : pieces_) {
    RETURN_IF_ERROR(piece.nearest.Allocate(kCudaRowsPerPiece));
    RETURN_IF_ERROR(piece.host_nearest.Allocate(kCudaRowsPerPiece));
    RETURN_IF_ERROR(CudaStatus(cudaStreamCreateWithFlags(&piece.stream, cudaStreamNonBlocking),
                               "cudaStreamCreateWithFlags"));
  }
  return absl::OkStatus();
}

absl::Status CudaRows::Load(const DeviceRows& rows) {
  RETURN_IF_ERROR(CudaStatus(cudaSetDevice(ordinal_), "cudaSetDevice"));
  metric_ = rows.metric;
  size_ = rows.size;
  const uint64_t bytes = size_ * 4 * WordsOf(metric_);
  rows_ = std::make_unique<DeviceArray<uint8_t>>();
  RETURN_IF_ERROR(rows_->Allocate(bytes));
  return rows_->CopyFrom(rows.data, bytes);
}

absl::Status CudaRows::Begin(uint64_t begin, uint32_t num_centroids) {
  Piece& piece = PieceAt(begin);
  const uint64_t stride = 4 * WordsOf(metric_);
  const NearestJob job = {.metric = metric_,
                          .rows = reinterpret_cast<const uint32_t*>(rows_->data() + begin * stride),
                          .n = SizeFrom(begin),
                          .centroids = reinterpret_cast<const uint32_t*>(centroids_->data()),
                          .k = num_centroids,
                          .nearest = piece.nearest.data()};
  RETURN_IF_ERROR(CudaStatus(LaunchNearest(job, piece.stream), "launch of a search"));
  return CudaStatus(
      cudaMemcpyAsync(piece.host_nearest.data(), piece.nearest.data(),
                      job.n * sizeof(NearestCentroid), cudaMemcpyDeviceToHost, piece.stream),
      "cudaMemcpyAsync from the device");
}

absl::Status CudaRows::WaitFor(const Piece& piece) const {
  const auto until = std::chrono::steady_clock::now() + kCudaRowsPatience;
  while (true) {
    const cudaError_t error = cudaStreamQuery(piece.stream);
    if (error != cudaErrorNotReady) return CudaStatus(error, "search for nearest centroids");
    if (std::chrono::steady_clock::now() > until) {
      return absl::DeadlineExceededError("no answer for 60 s");
    }
    std::this_thread::sleep_for(std::chrono::microseconds(50));
  }
}

absl::Status CudaRows::FindNearest(absl::Span<const uint8_t> centroids, const NearestSink& sink) {
  RETURN_IF_ERROR(CudaStatus(cudaSetDevice(ordinal_), "cudaSetDevice"));
  const uint32_t k = static_cast<uint32_t>(centroids.size() / (4 * WordsOf(metric_)));
  centroids_ = std::make_unique<DeviceArray<uint8_t>>();
  RETURN_IF_ERROR(centroids_->Allocate(centroids.size()));
  RETURN_IF_ERROR(centroids_->CopyFrom(centroids.data(), centroids.size()));
  uint64_t begun = 0;
  for (uint64_t begin = 0; begin < size_; begin += kCudaRowsPerPiece) {
    for (; begun < size_ && begun < begin + kPieces * uint64_t{kCudaRowsPerPiece};
         begun += kCudaRowsPerPiece) {
      RETURN_IF_ERROR(Begin(begun, k));
    }
    const Piece& piece = PieceAt(begin);
    RETURN_IF_ERROR(WaitFor(piece));
    sink(begin, {piece.host_nearest.data(), SizeFrom(begin)});
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::unique_ptr<RowDevice>> OpenCudaRows(int ordinal) {
  auto device = std::make_unique<CudaRows>(ordinal);
  RETURN_IF_ERROR(device->Open());
  return device;
}

}  // namespace nash
