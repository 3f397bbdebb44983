// SPDX-License-Identifier: Apache-2.0
// SHA3-512 in lanes against OpenSSL's, which hashes one message after another.
#include "../src/sha3_lanes.hpp"

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>

namespace {

using keystone::ByteView;
using keystone::Digest512;
using keystone::detail::sha3::Path;
using Bytes = std::vector<std::uint8_t>;

constexpr std::size_t kMiB = std::size_t{1} << 20U;

// Messages of these sizes, each of its own bytes.
class Messages {
 public:
  explicit Messages(const std::vector<std::size_t>& sizes) {
    std::uint32_t word = 1;
    for (const std::size_t size : sizes) {
      Bytes& bytes = contents_.emplace_back(size);
      for (std::uint8_t& byte : bytes) {
        word = word * 1664525U + 1013904223U;
        byte = static_cast<std::uint8_t>(word >> 24U);
      }
    }
    views_.assign(contents_.begin(), contents_.end());
    digests_.assign(sizes.size(), Digest512(std::array<std::uint8_t, 64>{}));
  }

  [[nodiscard]] const std::vector<ByteView>& views() const { return views_; }
  [[nodiscard]] std::vector<Digest512>& digests() { return digests_; }

 private:
  std::vector<Bytes> contents_;
  std::vector<ByteView> views_;
  std::vector<Digest512> digests_;
};

std::vector<std::size_t> equal(std::size_t count, std::size_t size) {
  return std::vector<std::size_t>(count, size);
}

// 64 sizes from 4 KiB to 1 MiB, no two in a row alike: as many in each doubling.
std::vector<std::size_t> mixed() {
  std::vector<std::size_t> sizes;
  for (std::size_t i = 0; i < 64; ++i) {
    const std::size_t doubling = i * 5 % 8;
    sizes.push_back((std::size_t{4096} << doubling) * (8 + i * 3 % 8) / 8);
  }
  return sizes;
}

void hash_all(benchmark::State& state, Path path, const std::vector<std::size_t>& sizes) {
  Messages messages(sizes);
  for (auto _ : state) {
    auto done = keystone::detail::sha3::sha3_512_many(path, messages.views(), messages.digests());
    benchmark::DoNotOptimize(done);
    benchmark::DoNotOptimize(messages.digests().data());
  }
}

// A message in memory, as what is read from files comes.
class ArrayStream final : public keystone::DigestStream {
 public:
  explicit ArrayStream(ByteView bytes) : left_(bytes) {}

  keystone::Result<std::size_t> read(std::span<std::uint8_t> out) override {
    const std::size_t count = std::min(out.size(), left_.size());
    std::copy_n(left_.begin(), count, out.begin());
    left_ = left_.subspan(count);
    return count;
  }
  void finish(keystone::Result<Digest512> digest) override { benchmark::DoNotOptimize(digest); }

 private:
  ByteView left_;
};

// The time on the wall: that is what threads are for. Each image is hashed several times.
void hash_in_threads(benchmark::State& state, std::size_t threads) {
  constexpr std::size_t kRounds = 5;
  const Messages messages(equal(64, kMiB));
  const std::vector<ByteView>& views = messages.views();
  for (auto _ : state) {
    const auto start = std::chrono::steady_clock::now();
    std::atomic<std::size_t> next{0};
    const auto work = [&] {
      keystone::sha3_512_streams(
          [&]() -> std::unique_ptr<keystone::DigestStream> {
            const std::size_t i = next++;
            return i < kRounds * views.size()
                       ? std::make_unique<ArrayStream>(views[i % views.size()])
                       : nullptr;
          },
          8);
    };
    {
      std::vector<std::jthread> helpers;
      for (std::size_t i = 1; i < threads; ++i) {
        helpers.emplace_back(work);
      }
      work();
    }
    const std::chrono::duration<double> time = std::chrono::steady_clock::now() - start;
    state.SetIterationTime(time.count());
  }
}

void add(const std::string& name, const std::vector<std::size_t>& sizes) {
  const std::pair<Path, const char*> paths[] = {
      {Path::portable, "openssl"}, {Path::avx2, "avx2"}, {Path::avx512, "avx512"}};
  for (const auto& [path, path_name] : paths) {
    if (keystone::detail::sha3::is_available(path)) {
      benchmark::RegisterBenchmark(("sha3_" + name + "_" + path_name).c_str(), hash_all, path,
                                   sizes)
          ->Unit(benchmark::kMillisecond);
    }
  }
}

const bool kAdded = [] {
  add("1_image", equal(1, kMiB));
  add("8_images", equal(8, kMiB));
  add("64_mixed_images", mixed());
  add("64_reports", equal(64, 32 + 32 + 96));  // R, A and the message of a Security Monitor's key
  for (const std::size_t threads : {1U, 2U}) {
    benchmark::RegisterBenchmark(("sha3_64_images_threads_" + std::to_string(threads)).c_str(),
                                 hash_in_threads, threads)
        ->UseManualTime()
        ->Unit(benchmark::kMillisecond);
  }
  return true;
}();

}  // namespace
