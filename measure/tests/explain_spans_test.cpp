// SPDX-License-Identifier: Apache-2.0
#include "named_spans.hpp"

#include <gtest/gtest.h>

namespace keystone::explain_spans_test {
namespace {

using Numbers = NamedSpans::Run;

const NamedSpans& spans() {
  static const NamedSpans made({{10, 5, "b"}, {0, 10, "a"}, {20, 10, "c"}});
  return made;
}

TEST(NamedSpans, MeetEveryRangeThatSharesAByte) {
  EXPECT_EQ(spans().meeting(0, 30), (Numbers{0, 3}));
  EXPECT_EQ(spans().meeting(9, 1), (Numbers{0, 1}));
  EXPECT_EQ(spans().meeting(9, 2), (Numbers{0, 2}));
  EXPECT_EQ(spans().meeting(14, 7), (Numbers{1, 3}));
  EXPECT_EQ(spans().name(1), "b");
}

TEST(NamedSpans, MeetNothingBetweenAndBehindThem) {
  for (const Numbers run : {spans().meeting(15, 5), spans().meeting(30, 100), spans().meeting(5, 0),
                            NamedSpans().meeting(0, 100)}) {
    EXPECT_EQ(run.first, run.last);
  }
}

TEST(NamedSpans, CoverARangeOnlyWhole) {
  EXPECT_EQ(spans().covering(0, 10), "a");
  EXPECT_EQ(spans().covering(21, 9), "c");
  EXPECT_EQ(spans().covering(21, 10), "");
  EXPECT_EQ(spans().covering(19, 2), "");
  EXPECT_EQ(spans().covering(9, 2), "");  // two together do not
  EXPECT_EQ(spans().covering(40, 1), "");
}

TEST(NamedSpans, KeepTheFirstAndLargestOfThoseThatOverlap) {
  const NamedSpans made({{5, 100, "late"}, {0, 6, "small"}, {0, 7, "z"}, {0, 7, "y"}, {7, 1, "n"}});
  EXPECT_EQ(made.meeting(0, 200), (Numbers{0, 2}));
  EXPECT_EQ(made.name(0), "y");
  EXPECT_EQ(made.name(1), "n");
}

TEST(NamedSpans, LeaveOutWhatIsEmptyOrWraps) {
  const NamedSpans made({{5, 0, "empty"}, {2, UINT64_MAX, "wraps"}, {UINT64_MAX, 2, "wraps too"}});
  EXPECT_EQ(made.meeting(0, UINT64_MAX), (Numbers{0, 0}));
}

TEST(NamedSpans, ReachUpToTheEndOfTheAddressSpace) {
  const NamedSpans made({{0xfffffffffffff000, 4096, "top"}, {0xffffffffffffe000, 4096, "next"}});
  EXPECT_EQ(made.covering(0xfffffffffffff000, 4096), "top");
  EXPECT_EQ(made.meeting(0xffffffffffffefff, 2), (Numbers{0, 2}));
}

}  // namespace
}  // namespace keystone::explain_spans_test
