// SPDX-License-Identifier: Apache-2.0
#include "ed25519/lanes.hpp"

#include "ed25519/lanes_kernel.hpp"
#include "ed25519/words.hpp"
#include "keystone/base/assert.hpp"

#include <algorithm>
#include <array>
#include <numeric>
#include <utility>

namespace keystone::detail::ed25519 {
namespace {

using lanes::Group;
using lanes::kBaseWidth;
using lanes::kKeyWidth;
using lanes::kMaxGroups;
using lanes::kMaxLanes;
using lanes::Numbers;

static_assert(kBaseWidth == kMaxWindow);
static_assert(lanes::kEntryWords * sizeof(std::uint64_t) == sizeof(Niels));
static_assert(lanes::window_count(kKeyWidth) == window_count(kKeyWidth));

using Words = std::array<std::uint64_t, 4>;

// The sum of 2^(width - 1) 2^(width i) over all windows but the last, as lanes::Group has it.
constexpr Words offset_for(unsigned width) {
  Words offset{};
  for (unsigned i = 0; i + 1 < window_count(width); ++i) {
    const unsigned bit = width * i + width - 1;
    offset[bit / 64] |= std::uint64_t{1} << bit % 64;
  }
  return offset;
}

constexpr std::array<Words, kMaxWindow + 1> kOffsets = {
    Words{},       Words{},       Words{},       Words{},      offset_for(4),
    offset_for(5), offset_for(6), offset_for(7), offset_for(8)};

void put_scalar(const Scalar& scalar, unsigned width, std::size_t lane, Numbers& numbers) {
  Wide sum = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    sum += Wide{load_word(scalar, 8 * i)} + kOffsets[width][i];
    numbers.word[i][lane] = static_cast<std::uint64_t>(sum);
    sum >>= 64U;
  }
}

// Jobs without a table come first.
unsigned width_of(const LaneJob& job) {
  return job.minus_a == nullptr ? 0 : job.minus_a->width();
}

const std::uint64_t* words_of(const KeyTable& table) {
  return table.entries().front().y_plus_x.limb.data();
}

void fill_lane(const LaneJob& job, std::size_t lane, Group& group) {
  group.width = job.minus_a == nullptr ? kKeyWidth : job.minus_a->width();
  put_scalar(*job.s, kBaseWidth, lane, group.s);
  put_scalar(*job.k, group.width, lane, group.k);
  if (job.minus_a != nullptr) {
    group.entries[lane] = words_of(*job.minus_a);
    return;
  }
  for (std::size_t i = 0; i < 4; ++i) {
    group.key.word[i][lane] = load_word(*job.key, 8 * i);
  }
}

LaneResult result_of(const LaneJob& job, std::size_t lane, const Group& group) {
  LaneResult result{KeyFault::none, {}};
  for (std::size_t i = 0; i < 4; ++i) {
    store_word(result.encoded, 8 * i, group.encoded.word[i][lane]);
  }
  if (job.minus_a == nullptr && (group.prime_order >> lane & 1U) == 0) {
    result.fault = KeyFault::mixed_order;
  }
  if (job.minus_a == nullptr && (group.on_curve >> lane & 1U) == 0) {
    result.fault = KeyFault::not_on_curve;
  }
  return result;
}

using Order = std::span<const std::size_t>;

// How many of the jobs at the front go into one group: those with tables of one width, or none.
std::size_t front_group(std::span<const LaneJob> jobs, Order order, std::size_t most) {
  const auto group = order.first(std::min(order.size(), most));
  const auto other = std::find_if(group.begin(), group.end(), [&](std::size_t i) {
    return width_of(jobs[i]) != width_of(jobs[order.front()]);
  });
  return static_cast<std::size_t>(other - group.begin());
}

// One call of the kernel, for the groups at the front of `order` that all have a table or all have
// none. Returns how many jobs those were.
std::size_t run_front(const LaneEngine& engine, std::span<const LaneJob> jobs, Order order,
                      std::span<LaneResult> results) {
  const bool has_table = width_of(jobs[order.front()]) != 0;
  std::array<Group, kMaxGroups> groups;  // the kernel reads what is filled
  std::array<Order, kMaxGroups> places;
  std::size_t count = 0;
  std::size_t done = 0;
  while (count < kMaxGroups && done < order.size() &&
         (width_of(jobs[order[done]]) != 0) == has_table) {
    const auto rest = order.subspan(done);
    places[count] = rest.first(front_group(jobs, rest, engine.lanes));
    for (std::size_t lane = 0; lane < engine.lanes; ++lane) {  // those left over do the last again
      fill_lane(jobs[places[count][std::min(lane, places[count].size() - 1)]], lane, groups[count]);
    }
    done += places[count].size();
    ++count;
  }
  std::array<const std::uint64_t*, kMaxLanes> base{};
  base.fill(words_of(base_table()));
  const bool few = !has_table && done <= 2 && engine.with_two_keys != nullptr;
  const auto run = has_table ? engine.with_tables : few ? engine.with_two_keys : engine.with_keys;
  run(groups.data(), count, base.data());
  for (std::size_t i = 0; i < count; ++i) {
    for (std::size_t lane = 0; lane < places[i].size(); ++lane) {
      results[places[i][lane]] = result_of(jobs[places[i][lane]], lane, groups[i]);
    }
  }
  return done;
}

}  // namespace

const LaneEngine* lane_engine([[maybe_unused]] LanePath path) {
#if defined(__x86_64__)
  // What the sources are compiled for. These also ask whether the system keeps the registers.
  if (path == LanePath::ifma && __builtin_cpu_supports("avx512f") != 0 &&
      __builtin_cpu_supports("avx512vl") != 0 && __builtin_cpu_supports("avx512dq") != 0 &&
      __builtin_cpu_supports("avx512ifma") != 0) {
    return &lanes::kIfmaKernel;
  }
  if (path == LanePath::avx2 && __builtin_cpu_supports("avx2") != 0) {
    return &lanes::kAvx2Kernel;
  }
#endif
  return nullptr;
}

const LaneEngine* best_lane_engine() {
  static const LaneEngine* const best = [] {
    const LaneEngine* const ifma = lane_engine(LanePath::ifma);
    return ifma != nullptr ? ifma : lane_engine(LanePath::avx2);
  }();
  return best;
}

std::size_t lane_count(const LaneEngine& engine) {
  return engine.lanes;
}

void combine_lanes(const LaneEngine& engine, std::span<const LaneJob> jobs,
                   std::span<LaneResult> results) {
  KEYSTONE_ASSERT(jobs.size() == results.size());
  std::array<std::size_t, kMaxGroups * kMaxLanes> room{};
  for (std::size_t from = 0; from < jobs.size(); from += room.size()) {
    const auto order = std::span(room).first(std::min(room.size(), jobs.size() - from));
    std::iota(order.begin(), order.end(), from);
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
      return std::pair(width_of(jobs[a]), a) < std::pair(width_of(jobs[b]), b);
    });
    for (std::size_t done = 0; done < order.size();) {
      done += run_front(engine, jobs, order.subspan(done), results);
    }
  }
}

}  // namespace keystone::detail::ed25519
