// SPDX-License-Identifier: Apache-2.0
#include "attestd/key_ring.hpp"

#include "keystone/ear/jws.hpp"
#include "temporary_state.hpp"

#include <set>

namespace keystone::server::attestd {
namespace {

using std::chrono::seconds;

constexpr Instant kStart{seconds(1'767'225'600)};  // 2026-01-01T00:00:00Z
constexpr seconds kLifetime{300};                  // of results
constexpr KeyOptions kOptions{seconds(1000), seconds(100), seconds(50)};

class KeyRingTest : public ::testing::Test {
 protected:
  [[nodiscard]] Result<std::shared_ptr<KeyRing>> open() {
    auto folder = KeyFolder::open(state_.open(), true);
    return folder ? KeyRing::open(*std::move(folder), [this] { return now_; })
                  : Result<std::shared_ptr<KeyRing>>(fail(folder.error()));
  }

  [[nodiscard]] std::set<std::string> files(std::string_view ending) const {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(state_.path_of("keys"))) {
      const std::string name = entry.path().filename();
      if (name.ends_with(ending)) {
        names.insert(name);
      }
    }
    return names;
  }

  // The kid of what the ring signs now, as another reader of tokens finds it.
  [[nodiscard]] static std::string kid_of_signature(const KeyRing& ring) {
    JwkSet keys;
    for (const KeyTerm& term : ring.terms()) {
      EXPECT_TRUE(keys.add(*parse_jwk(term.jwk)));
    }
    const auto token = ring.sign("{}");
    EXPECT_TRUE(token);
    const auto checked = jws_verify(*token, keys, kStart, seconds(0));
    EXPECT_TRUE(checked && checked->result == JwsResult::valid);
    return checked->kid;
  }

  TemporaryState state_;
  Instant now_ = kStart;
};

TEST_F(KeyRingTest, MakesItsFirstKeyForItsOwnerAlone) {
  const auto ring = open();
  ASSERT_TRUE(ring) << ring.error().message;
  EXPECT_EQ(state_.mode_of("keys"), 0700U);
  ASSERT_EQ(files(".pem").size(), 1U);
  EXPECT_EQ(state_.mode_of("keys/" + *files(".pem").begin()), 0600U);
  EXPECT_EQ(kid_of_signature(**ring), (*ring)->current());
}

TEST_F(KeyRingTest, HasTheSameKeysAfterARestart) {
  const std::string kid = (*open())->current();
  now_ += seconds(10);
  const auto again = open();
  ASSERT_TRUE(again);
  EXPECT_EQ((*again)->current(), kid);
  EXPECT_EQ(files(".pem").size(), 1U);
}

TEST_F(KeyRingTest, AnnouncesASuccessorBeforeItSigns) {
  const auto ring = *open();
  const std::string first = ring->current();
  now_ += kOptions.lifetime - kOptions.announce - seconds(1);
  EXPECT_EQ(*ring->refresh(kOptions, kLifetime), false);
  now_ += seconds(1);
  EXPECT_EQ(*ring->refresh(kOptions, kLifetime), true);
  ASSERT_EQ(ring->terms().size(), 2U);
  EXPECT_EQ(kid_of_signature(*ring), first);
  EXPECT_EQ(ring->terms()[1].signs_from, kStart + kOptions.lifetime);
  now_ = kStart + kOptions.lifetime;
  EXPECT_EQ(*ring->refresh(kOptions, kLifetime), false);
  EXPECT_EQ(kid_of_signature(*ring), ring->terms()[1].kid);
}

TEST_F(KeyRingTest, KeepsAFormerKeyPublicUntilItsLastResultExpired) {
  const auto ring = *open();
  const std::string first = ring->current();
  ASSERT_TRUE(ring->rotate(seconds(0)));
  now_ += seconds(1);
  ASSERT_NE(ring->current(), first);
  const Instant until = public_until(ring->terms()[0], kOptions, kLifetime, now_);
  EXPECT_EQ(until, *ring->terms()[0].signs_until + kLifetime + kOptions.overlap);
  now_ = until;
  EXPECT_EQ(*ring->refresh(kOptions, kLifetime), false);
  EXPECT_EQ(ring->terms()[0].kid, first);
  now_ += seconds(1);
  EXPECT_EQ(*ring->refresh(kOptions, kLifetime), true);
  EXPECT_EQ(ring->terms().size(), 1U);
  EXPECT_EQ(files(".pem").size(), 1U);
  EXPECT_EQ(files(".jwk").size(), 2U);  // for checkpoints that it signed
}

TEST_F(KeyRingTest, TakesAKeyThatAnotherProcessMade) {
  const auto daemon = *open();
  const std::string first = daemon->current();
  const auto kid = (*open())->rotate(seconds(0));
  ASSERT_TRUE(kid);
  now_ += seconds(1);
  EXPECT_EQ(daemon->current(), first);
  EXPECT_EQ(*daemon->refresh(kOptions, kLifetime), true);
  EXPECT_EQ(daemon->current(), *kid);
}

TEST_F(KeyRingTest, SignsWithTheFirstKeyWhereTheClockWasSetBack) {
  const auto ring = *open();
  now_ -= seconds(1000);
  EXPECT_EQ(kid_of_signature(*ring), ring->terms()[0].kid);
}

TEST_F(KeyRingTest, HasABoundOnItsKeys) {
  const auto ring = *open();
  for (std::size_t keys = 1; keys < KeyRing::kMostKeys; ++keys) {
    ASSERT_TRUE(ring->rotate(seconds(0)));
  }
  const auto more = ring->rotate(seconds(0));
  ASSERT_FALSE(more);
  EXPECT_EQ(more.error().code, ErrorCode::usage);
  EXPECT_EQ(files(".pem").size(), KeyRing::kMostKeys);
}

TEST_F(KeyRingTest, DoesNotOpenOverAKeyThatOthersMayHaveRead) {
  ASSERT_TRUE(open());
  ASSERT_EQ(::chmod(state_.path_of("keys/" + *files(".pem").begin()).c_str(), 0640), 0);
  const auto ring = open();
  ASSERT_FALSE(ring);
  EXPECT_EQ(ring.error().code, ErrorCode::unreadable);
}

TEST_F(KeyRingTest, DoesNotOpenOverADamagedKeyOrOneOfAnotherName) {
  ASSERT_TRUE(open());
  const std::string name = *files(".pem").begin();
  const std::string text = state_.read("keys/" + name);
  state_.write("keys/" + name, text.substr(0, text.size() / 2), 0600);
  EXPECT_EQ(open().error().code, ErrorCode::malformed);
  state_.write("keys/" + name, text, 0600);
  ASSERT_TRUE(open());
  state_.write("keys/2026-01-02T00:00:00Z.other.pem", text, 0600);
  EXPECT_EQ(open().error().code, ErrorCode::malformed);
}

TEST_F(KeyRingTest, PassesOverWhatIsNotNamedAsAKey) {
  const std::string kid = (*open())->current();
  for (const char* const name : {"x.pem", ".pem", "2026-01-02T00:00:00Z.pem", "notes", "a.b.pem"}) {
    state_.write(std::string("keys/") + name, "no key", 0644);
  }
  const auto ring = open();
  ASSERT_TRUE(ring) << ring.error().message;
  EXPECT_EQ((*ring)->current(), kid);
}

}  // namespace
}  // namespace keystone::server::attestd
