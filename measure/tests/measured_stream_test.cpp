// SPDX-License-Identifier: Apache-2.0
#include "keystone/measure/measured_stream.hpp"

#include "keystone/crypto/digest.hpp"
#include "page_walk_files.hpp"

#include <array>
#include <tuple>

namespace keystone::measured_stream_test {
namespace {

using namespace keystone::testing;

// All that the stream gives, asked for `step` bytes at a time.
Result<Bytes> read_all(MeasuredStream& stream, std::size_t step) {
  Bytes all;
  Bytes piece(step);
  std::size_t count = step;
  while (count == step) {
    KEYSTONE_TRY(count, stream.read(piece));
    all.insert(all.end(), piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return all;
}

// The hash of the image's stream, read in pieces of several sizes; empty if they differ.
template <class Image>
std::string hash_of_stream(const Image& image) {
  std::string answer;
  for (const std::size_t step : {1000U, 4096U, 36864U, 1U << 20U}) {
    auto stream = measured_stream(image);
    const auto bytes = stream ? read_all(*stream, step) : fail(stream.error());
    EXPECT_TRUE(succeeds(bytes));
    const std::string hash = bytes ? sha3_512(*bytes)->hex() : "";
    EXPECT_TRUE(answer.empty() || answer == hash) << step;
    answer = hash;
  }
  return answer;
}

TEST(MeasuredStream, OfALoaderEnclaveIsWhatIsMeasured) {
  const Bytes eapp = noise("eapp", 10'000);
  const Bytes runtime = noise("runtime", 4096);
  const Bytes loader = noise("loader", 1);
  const ArraySource sources[] = {ArraySource(eapp), ArraySource(runtime), ArraySource(loader)};
  for (const Profile profile : {Profile::keystone_loader_rv64, Profile::keystone_loader_rv32}) {
    const auto image = lay_out({sources[0], sources[1], sources[2]}, profile);
    ASSERT_TRUE(succeeds(image));
    EXPECT_EQ(hash_of_stream(*image), measure(*image)->hash.hex()) << info(profile).name;
  }
}

TEST(MeasuredStream, OfAPageWalkEnclaveIsWhatIsMeasured) {
  for (const ProfileInfo& row : profiles()) {
    if (row.scheme != Scheme::page_walk) {
      continue;
    }
    const TwoFiles files(plain_eapp(row.profile), plain_runtime(row.profile));
    const auto image = files.lay_out(row.profile);
    ASSERT_TRUE(succeeds(image));
    EXPECT_EQ(hash_of_stream(*image), measure(*image)->hash.hex()) << row.name;
  }
}

TEST(MeasuredStream, OfAFirmwareIsWhatIsMeasured) {
  const Bytes firmware = noise("firmware", 5000);
  const ArraySource source(firmware);
  const auto image = lay_out_sm(source, {0x80000000, 10'000, 0xff});
  ASSERT_TRUE(succeeds(image));
  EXPECT_EQ(hash_of_stream(*image), measure_sm(*image)->hex());
}

TEST(MeasuredStream, ReadsNothingBeforeItIsAsked) {
  const SparseSource source({1}, std::uint64_t{1} << 40U);
  RegionMemory memory;
  ASSERT_TRUE(succeeds(memory.add_bytes(0, source, 0, source.size())));
  MeasuredStream stream;
  ASSERT_TRUE(succeeds(stream.bytes(memory, 0, source.size())));
  EXPECT_EQ(source.bytes_read(), 0U);
  std::array<std::uint8_t, 100> out{};
  EXPECT_EQ(stream.read(out).value(), out.size());
  EXPECT_EQ(source.bytes_read(), out.size());
}

TEST(MeasuredStream, KeepsWordsAndMemoryInTheirOrder) {
  const Bytes bytes = {1, 2, 3, 4, 5, 6};
  const ArraySource source(bytes);
  RegionMemory memory;
  ASSERT_TRUE(succeeds(memory.add_bytes(100, source, 0, bytes.size())));
  MeasuredStream stream;
  ASSERT_TRUE(succeeds(stream.bytes(memory, 104, 2)));
  stream.word(0x0807, Word::bits32);
  ASSERT_TRUE(succeeds(stream.bytes(memory, 100, 2)));
  ASSERT_TRUE(succeeds(stream.bytes(memory, 102, 1)));
  ASSERT_TRUE(succeeds(stream.bytes(memory, 0, 0)));
  stream.word(9, Word::bits64);
  EXPECT_EQ(read_all(stream, 5).value(),
            (Bytes{5, 6, 7, 8, 0, 0, 1, 2, 3, 9, 0, 0, 0, 0, 0, 0, 0}));
}

TEST(MeasuredStream, JoinsNoMemoriesThatAreNotOne) {
  const Bytes bytes = {1, 2, 3, 4};
  const ArraySource source(bytes);
  std::array<RegionMemory, 2> memories;
  ASSERT_TRUE(succeeds(memories[0].add_bytes(0, source, 0, 2)));
  ASSERT_TRUE(succeeds(memories[1].add_bytes(2, source, 2, 2)));
  MeasuredStream stream;
  ASSERT_TRUE(succeeds(stream.bytes(memories[0], 0, 2)));
  ASSERT_TRUE(succeeds(stream.bytes(memories[1], 2, 2)));
  EXPECT_EQ(read_all(stream, 64).value(), bytes);
}

TEST(MeasuredStream, ReadsUpToTheTopOfTheAddressSpace) {
  const Bytes bytes = {1, 2, 3, 4};
  const ArraySource source(bytes);
  RegionMemory memory;
  ASSERT_TRUE(succeeds(memory.add_bytes(0xfffffffffffffffe, source, 0, 2)));
  ASSERT_TRUE(succeeds(memory.add_bytes(0, source, 2, 2)));
  MeasuredStream stream;
  ASSERT_TRUE(succeeds(stream.bytes(memory, 0xfffffffffffffffe, 2)));
  ASSERT_TRUE(succeeds(stream.bytes(memory, 0, 2)));
  EXPECT_EQ(read_all(stream, 64).value(), bytes);
}

TEST(MeasuredStream, FailsWhereThereIsNoMemory) {
  MeasuredStream stream;
  const RegionMemory none;
  ASSERT_TRUE(succeeds(stream.bytes(none, 0, 4096)));
  std::array<std::uint8_t, 8> out{};
  EXPECT_TRUE(fails_with(stream.read(out), ErrorCode::malformed, "no memory"));
}

TEST(MeasuredStream, FailsWhereAFileCannotBeRead) {
  const FailingSource source(Bytes(8192), 4096);
  RegionMemory memory;
  ASSERT_TRUE(succeeds(memory.add_bytes(0, source, 0, source.size())));
  MeasuredStream stream;
  ASSERT_TRUE(succeeds(stream.bytes(memory, 0, source.size())));
  EXPECT_TRUE(fails_with(read_all(stream, 4096), ErrorCode::unreadable, FailingSource::kMessage));
}

TEST(MeasuredStream, IsNotOfAnEnclaveWhoseBoundariesAreNotInOrder) {
  EnclaveImage image{Profile::keystone_loader_rv64, {}, {2, 1, 3, 4}, {}, {}};
  EXPECT_TRUE(fails_with(measured_stream(image), ErrorCode::malformed, "boundaries"));
}

TEST(MeasuredStream, IsNotOfAnEnclaveThatTheMonitorRefuses) {
  const auto files = eapp_of({{.vaddr = 0x50000000, .memsz = 4096}}, Profile::keystone_v1);
  const auto image = files.lay_out(Profile::keystone_v1);
  ASSERT_TRUE(succeeds(image));
  const auto measured = measure(*image);
  const auto stream = measured_stream(*image);
  ASSERT_TRUE(fails_with(measured, ErrorCode::malformed, "code 100015)"));
  ASSERT_TRUE(fails_with(stream, ErrorCode::malformed));
  EXPECT_EQ(stream.error().message, measured.error().message);
}

}  // namespace
}  // namespace keystone::measured_stream_test
