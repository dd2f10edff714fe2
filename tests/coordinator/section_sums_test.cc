// Sections that are added up while others are on their way.
#include "solver/coordinator/section_sums.h"

#include "tests/coordinator/coordinator_fixture.h"

namespace nash {
namespace {

// Has room for so many parts, and then none.
class FullSpool : public PartSpool {
 public:
  explicit FullSpool(int room) : PartSpool(1 << 20, "no folder"), room_(room) {}
  absl::StatusOr<Ticket> Put(uint64_t round, const EncodedRows& rows) override {
    if (room_-- <= 0) return absl::ResourceExhaustedError("full");
    return PartSpool::Put(round, rows);
  }

 private:
  int room_;
};

class SectionSumsTest : public CoordinatorTest {
 protected:
  SectionSumsTest() {
    options_.units_to_sum = 2;
    options_.sums_share_max = 1;
    for (uint32_t unit : {0, 1}) units_.push_back(replica_->Run({0, unit}, nullptr));
  }

  void SayPart(uint32_t unit, uint32_t part) {
    Say(a_, DeltaPart{units_[unit].name, part, units_[unit].parts[part]});
  }
  void SayParts(uint32_t unit) {
    for (uint32_t part = 0; part < units_[unit].parts.size(); ++part) SayPart(unit, part);
  }
  ClaimedResult ResultOf(uint32_t unit) const {
    std::vector<uint64_t> checksums;
    for (const EncodedRows& part : units_[unit].parts) checksums.push_back(part.checksum);
    const auto parts = static_cast<uint32_t>(checksums.size());
    return {parts, units_[unit].touches, UnitChecksum(checksums)};
  }
  void SayClaim(uint32_t unit) { Say(a_, UnitClaim{units_[unit].name, ResultOf(unit)}); }
  uint64_t Summed() const { return coordinator_->counters().sections_summed; }

  // A run of its own.
  void TrainWithoutSums() {
    SimDisk disk;
    const auto store = SimStore::Open(&disk, [](KillPoint) { return false; }).value();
    const auto master = engine_.MakeMaster();
    coordinator_.emplace(options_, master.get(), store.get(), &spool_, &buckets_, now_);
    Join(a_);
    SayParts(0);
    SayParts(1);
    EXPECT_EQ(Summed(), 0);
    SayClaim(0);
    SayClaim(1);
    EXPECT_EQ(PartsOfRoundOf(*store), Expected());
  }

  static std::vector<MergedPart> PartsOfRoundOf(SimStore& store) {
    std::vector<MergedPart> merged;
    for (uint32_t part = 0; part < store.Record(0).parts; ++part) {
      merged.push_back(store.ReadPart(0, part).value());
    }
    return merged;
  }
  // The round as it is without sums.
  std::vector<MergedPart> Expected() const {
    std::vector<EncodedRows> parts;
    for (const UnitResult& unit : units_) {
      parts.insert(parts.end(), unit.parts.begin(), unit.parts.end());
    }
    return MergeRound(engine_.MakeMaster().get(), parts);
  }

  std::vector<UnitResult> units_;
};

TEST_F(SectionSumsTest, ASectionIsAddedUpWhenALaterPartOfEveryUnitIsThere) {
  Start();
  Join(a_);
  SayParts(0);
  SayClaim(0);
  const auto parts = static_cast<uint32_t>(units_[1].parts.size());
  const uint64_t all = spool_.bytes_in_memory();
  // Backwards: only with the first is anything known to be complete.
  for (uint32_t part = parts - 1; part > 0; --part) {
    SayPart(1, part);
    EXPECT_EQ(Summed(), 0);
  }
  EXPECT_GT(spool_.bytes_in_memory(), all);
  SayPart(1, 0);
  EXPECT_EQ(Summed(), master_->num_sections() - 1);  // of the last more could come
  EXPECT_LT(spool_.bytes_in_memory(), 2 * all) << "parts that were added up are held";
  EXPECT_EQ(store_->end_round(), 0);
  SayClaim(1);
  ASSERT_EQ(store_->end_round(), 1);
  EXPECT_EQ(PartsOfRoundOf(*store_), Expected());
}

TEST_F(SectionSumsTest, InTheOrderOfSections) {
  Start();
  Join(a_);
  uint64_t before = 0;
  for (uint32_t part = 0; part < units_[1].parts.size(); ++part) {
    for (const uint32_t unit : {0, 1}) {
      if (part < units_[unit].parts.size()) SayPart(unit, part);
    }
    EXPECT_LE(Summed(), before + master_->sections_per_step());
    before = Summed();
  }
  EXPECT_GT(before, 0);
  for (const uint32_t unit : {0, 1}) {
    SayParts(unit);  // all of them again
    SayClaim(unit);
  }
  EXPECT_EQ(PartsOfRoundOf(*store_), Expected());
}

TEST_F(SectionSumsTest, NotWhileMessagesWait) {
  Start();
  Join(a_);
  const auto say = [&](const WorkerMessage& message) {
    coordinator_->OnMessage(a_, {kProtocolVersion, kSimFingerprint, options_.generation, message},
                            now_);
    coordinator_->OnTick(now_, /*is_idle=*/false);
  };
  for (const uint32_t unit : {0, 1}) {
    for (uint32_t part = 0; part < units_[unit].parts.size(); ++part) {
      say(DeltaPart{units_[unit].name, part, units_[unit].parts[part]});
    }
  }
  EXPECT_TRUE(coordinator_->is_busy());
  EXPECT_EQ(Summed(), 0);
  coordinator_->OnTick(now_);
  EXPECT_GT(Summed(), 0);
}

TEST_F(SectionSumsTest, SumsGoWithPartsThatAreNotTheClaims) {
  Start();
  Join(a_);
  Join(b_);
  const UnitResult false_one = replica_->Falsify(units_[0], /*random=*/0);
  for (uint32_t part = 0; part < false_one.parts.size(); ++part) {
    Say(b_, DeltaPart{false_one.name, part, false_one.parts[part]});
  }
  SayParts(1);
  EXPECT_GT(Summed(), 0);
  Say(b_, UnitClaim{false_one.name, ResultOf(0)});  // it is another's
  EXPECT_EQ(coordinator_->counters().rolled_back, 1);
  EXPECT_EQ(spool_.bytes_in_memory(), 0);
  for (const uint32_t unit : {0, 1}) {
    SayParts(unit);
    SayClaim(unit);
  }
  ASSERT_EQ(store_->end_round(), 1);
  EXPECT_EQ(PartsOfRoundOf(*store_), Expected());
}

TEST_F(SectionSumsTest, WithoutRoomForSumsPartsAreMerged) {
  const int parts = static_cast<int>(units_[0].parts.size() + units_[1].parts.size());
  // Room for all parts and none, or some, of the sums.
  for (int sums : {0, 1, 3, 4, 100}) {
    FullSpool spool(parts + sums);
    SimDisk disk;
    const auto store = SimStore::Open(&disk, [](KillPoint) { return false; }).value();
    const auto master = engine_.MakeMaster();
    Coordinator& coordinator =
        coordinator_.emplace(options_, master.get(), store.get(), &spool, &buckets_, now_);
    Join(a_);
    // Held back, so that all parts come before the first sum.
    const auto say = [&](uint32_t unit, uint32_t part) {
      coordinator.OnMessage(a_,
                            {kProtocolVersion, kSimFingerprint, options_.generation,
                             DeltaPart{units_[unit].name, part, units_[unit].parts[part]}},
                            now_);
    };
    for (const uint32_t unit : {0, 1}) {
      for (uint32_t part = 0; part < units_[unit].parts.size(); ++part) say(unit, part);
    }
    EXPECT_EQ(Summed(), 0);
    SayClaim(0);
    EXPECT_EQ(Summed() == master->num_sections() - 1, sums == 100) << sums;
    SayClaim(1);
    ASSERT_EQ(store->end_round(), 1) << sums;
    EXPECT_EQ(PartsOfRoundOf(*store), Expected()) << sums;
  }
}

TEST_F(SectionSumsTest, NotOfRoundsWithFewUnitsNorWhereItSavesLittle) {
  for (const bool is_short : {true, false}) {
    options_.units_to_sum = is_short ? 2 : 3;
    options_.sums_share_max = is_short ? 0.5 : 1;
    TrainWithoutSums();
  }
}

// Without lag nobody starts from parts that were let go of, whatever is asked for.
TEST_F(SectionSumsTest, PartsThatWereAddedUpAreNotToBeHad) {
  Start();
  Join(a_);
  SayParts(0);
  SayClaim(0);
  SayParts(1);
  ASSERT_GT(Summed(), 0);
  EXPECT_TRUE(Say(a_, FetchStart{0, 0, 0, 100}).empty());
}

}  // namespace
}  // namespace nash
