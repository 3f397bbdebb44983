// SPDX-License-Identifier: Apache-2.0
// What is left of secrets in this process's memory when their owners are gone. Not built with
// sanitizers, which keep memory that was freed.
#include "keystone/base/descriptor.hpp"
#include "keystone/crypto/digest.hpp"
#include "keystone/crypto/hkdf.hpp"
#include "keystone/emulator/key_file.hpp"
#include "support.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <fstream>
#include <functional>
#include <optional>
#include <string>

#include <fcntl.h>
#include <unistd.h>

namespace keystone {
namespace {

using namespace keystone::testing;

// A secret in a form that a search for the secret does not find.
class Needle {
 public:
  explicit Needle(ByteView secret) {
    for (const std::uint8_t byte : secret) {
      masked_.push_back(static_cast<std::uint8_t>(byte ^ kMask));
    }
  }

  // Whether any 16 bytes of it, counted from its start, are in `memory`.
  [[nodiscard]] bool is_in(ByteView memory) const {
    for (std::size_t from = 0; from + kPiece <= masked_.size(); from += kPiece) {
      const auto piece = ByteView(masked_).subspan(from, kPiece);
      const auto found = std::search(
          memory.begin(), memory.end(), piece.begin(), piece.end(),
          [](std::uint8_t byte, std::uint8_t masked) { return (byte ^ kMask) == masked; });
      if (found != memory.end()) {
        return true;
      }
    }
    return false;
  }

 private:
  static constexpr std::uint8_t kMask = 0x5a;
  static constexpr std::size_t kPiece = 16;
  std::vector<std::uint8_t> masked_;
};

// A piece of this process's memory, wiped when it was looked at: it may hold copies of secrets.
constexpr std::size_t kWindow = std::size_t{1} << 20U;
constexpr std::size_t kOverlap = 64;  // of a piece with the next

// Calls `look` with the content of [begin, end).
void for_each_window(int memory, std::uint64_t begin, std::uint64_t end,
                     const std::function<void(ByteView)>& look) {
  for (std::uint64_t at = begin; at < end; at += kWindow - kOverlap) {
    SecretBytes window(static_cast<std::size_t>(std::min<std::uint64_t>(kWindow, end - at)));
    const ssize_t count =
        ::pread(memory, window.bytes().data(), window.size(), static_cast<off_t>(at));
    if (count > 0) {
      look(ByteView(window.bytes()).first(static_cast<std::size_t>(count)));
    }
  }
}

// Calls `look` with the content of every region that this process can read and write (stack, heap,
// data) and the region's line.
void for_each_region(const std::function<void(const std::string&, ByteView)>& look) {
  const Descriptor memory(::open("/proc/self/mem", O_RDONLY | O_CLOEXEC));
  ASSERT_TRUE(memory.is_open());
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
    if (std::sscanf(line.c_str(), "%" SCNx64 "-%" SCNx64, &begin, &end) == 2 &&
        line.find(" rw") != std::string::npos) {
      for_each_window(memory.get(), begin, end, [&](ByteView content) { look(line, content); });
    }
  }
}

// The regions in which something of a needle is.
std::vector<std::string> regions_with(const std::vector<Needle>& needles) {
  std::vector<std::string> regions;
  std::size_t seen = 0;
  for_each_region([&](const std::string& region, ByteView content) {
    ++seen;
    for (std::size_t i = 0; i < needles.size(); ++i) {
      if (needles[i].is_in(content)) {
        regions.push_back("needle " + std::to_string(i) + " in " + region);
      }
    }
  });
  EXPECT_GE(seen, 3U);
  return regions;
}

// A seed that is nowhere in the program: computed, byte by byte, into memory that is wiped.
SecretBytes make_seed() {
  SecretBytes seed(SecretKey::kSeedSize);
  std::uint32_t state = 2026;
  for (std::uint8_t& byte : seed.bytes()) {
    state = state * 1664525U + 1013904223U;
    byte = static_cast<std::uint8_t>(state >> 24U);
  }
  return seed;
}

// A firmware that was measured.
SmHash firmware_hash() {
  return SmHash(std::array<std::uint8_t, SmHash::kSize>{1, 2, 3});
}

// What a boot ROM makes the monitor's key of, and forgets at once.
constexpr std::size_t kSeedOfMonitor = 4;
Needle seed_of_monitor(const DeviceKey& key, BootRom boot_rom) {
  const std::size_t count = boot_rom == BootRom::sound ? SmHash::kSize : 1;
  const SmHash hash = firmware_hash();
  Sha3_512 sha = Sha3_512::create().value();
  sha.update(ByteView(key.secret().expose_secret()).first(count));
  sha.update(ByteView(hash.bytes()).first(count));
  SecretBytes digest(64);
  std::move(sha).finish_into(digest.bytes().first<64>());
  return Needle(ByteView(digest.bytes()).first(SecretKey::kSeedSize));
}

// All that is made of a device key: its file, the key, a monitor, reports, sealing keys. Adds what
// is secret of each to `needles` and calls `look` while everything is there.
void use_everything(BootRom boot_rom, std::vector<Needle>& needles,
                    const std::function<void()>& look) {
  SecretBytes seed = make_seed();
  needles.emplace_back(seed.bytes());
  const SecretBytes seed_file =
      serialize_seed(ByteView(seed.bytes()).first<SecretKey::kSeedSize>());
  needles.emplace_back(ByteView(seed_file.bytes()).subspan(27, 64));
  const auto key = parse_device_key(seed_file.bytes());
  ASSERT_TRUE(key.has_value());
  needles.emplace_back(key->secret().expose_secret());
  const SecretBytes expanded_file = serialize_expanded(*key);
  needles.emplace_back(ByteView(expanded_file.bytes()).subspan(31, 128));
  const auto again = parse_device_key(expanded_file.bytes());
  ASSERT_TRUE(again.has_value());

  auto sm = boot(*again, firmware_hash(), boot_rom);
  ASSERT_TRUE(sm.has_value());
  needles.push_back(seed_of_monitor(*again, boot_rom));
  needles.emplace_back(sm->sm_key.expose_secret());
  PhysicalMemory memory;
  ASSERT_TRUE(memory.add(kRamBase, kRamSize));
  SecurityMonitor monitor(*std::move(sm), memory, {});
  create_enclave(monitor);
  const Bytes data = noise(32, 1);
  ASSERT_TRUE(monitor.attest(0, data).has_value());
  const auto sealed = monitor.sealing_key(0, data);
  ASSERT_TRUE(sealed.has_value());
  needles.emplace_back(sealed->key.bytes());
  look();
}

// Does it so far down the stack that no later call writes over what it leaves there.
[[gnu::noinline]] void far_down(const std::function<void()>& act) {
  volatile std::uint8_t distance[std::size_t{256} << 10U];
  distance[0] = 0;
  act();
  distance[sizeof distance - 1] = 0;
}

TEST(Secrets, AreFoundWhileTheyAreThere) {
  std::vector<Needle> needles;
  use_everything(BootRom::sound, needles, [&] {
    ASSERT_EQ(needles.size(), 7U);
    for (std::size_t i = 0; i < needles.size(); ++i) {
      const bool is_gone = i == kSeedOfMonitor;
      EXPECT_EQ(regions_with({needles[i]}).empty(), is_gone) << i;
    }
  });
}

TEST(Secrets, LeaveNothingBehind) {
  for (const BootRom boot_rom : {BootRom::sound, BootRom::upstream}) {
    std::vector<Needle> needles;
    far_down([&] { use_everything(boot_rom, needles, [] {}); });
    ASSERT_EQ(needles.size(), 7U);
    EXPECT_EQ(regions_with(needles), std::vector<std::string>());
  }
}

// The key that make_seed() gives.
Result<DeviceKey> make_key() {
  const SecretBytes seed = make_seed();
  return DeviceKey::from_seed(seed.bytes().first<SecretKey::kSeedSize>());
}

// Each step as the last that is done, before another writes over what it leaves.
TEST(Secrets, NoStepLeavesAnythingBehind) {
  std::vector<Needle> needles;
  use_everything(BootRom::sound, needles, [] {});
  const Bytes data = noise(32, 1);
  Machine machine;
  Bytes info(64);
  std::ranges::copy(machine.monitor.create(enclave_arguments())->hash->bytes(), info.begin());
  append(info, data);
  const auto derive = [&](SecretBytes& sealing_key) {
    const auto sm = boot(make_key().value(), firmware_hash(), BootRom::sound);
    const ByteView secret = sm->sm_key.expose_secret();
    far_down([&] { EXPECT_TRUE(hkdf_sha3_512(secret, info, sealing_key.bytes())); });
  };
  {
    SecretBytes sealing_key(SecurityMonitor::kSealingKeySize);
    derive(sealing_key);
    ASSERT_TRUE(needles.back().is_in(sealing_key.bytes()));
  }
  const std::vector<std::function<void()>> steps = {
      [] { EXPECT_TRUE(make_key().has_value()); },
      [] { (void)serialize_expanded(make_key().value()); },
      [&] { EXPECT_TRUE(make_key()->secret().sign(data).has_value()); },
      [] { EXPECT_TRUE(boot(make_key().value(), firmware_hash(), BootRom::sound).has_value()); },
      [&] {
        SecretBytes sealing_key(SecurityMonitor::kSealingKeySize);
        derive(sealing_key);
      },
  };
  for (std::size_t i = 0; i < steps.size(); ++i) {
    far_down(steps[i]);
    EXPECT_EQ(regions_with(needles), std::vector<std::string>()) << "step " << i;
  }
}

// A file that is damaged near its end was nearly a key.
TEST(Secrets, OfAFileThatIsRefusedLeaveNothingBehind) {
  std::vector<Needle> needles;
  {
    const SecretBytes seed = make_seed();
    needles.emplace_back(seed.bytes());
    SecretBytes file = serialize_seed(ByteView(seed.bytes()).first<SecretKey::kSeedSize>());
    needles.emplace_back(ByteView(file.bytes()).subspan(27, 48));
    file.bytes()[90] = 'x';
    EXPECT_TRUE(fails_with(parse_device_key(file.bytes()), ErrorCode::malformed));
  }
  EXPECT_EQ(regions_with(needles), std::vector<std::string>());
}

}  // namespace
}  // namespace keystone
