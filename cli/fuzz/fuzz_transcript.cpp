// SPDX-License-Identifier: Apache-2.0
// Whatever a transcript says: what is read is the same twice, differs in nothing from itself, and
// can be compared with another and shown.
#include "keystone-measure/diff_render.hpp"
#include "keystone-measure/transcript.hpp"
#include "keystone/base/assert.hpp"
#include "keystone/testing/fuzz.hpp"

namespace {

using namespace keystone;
using namespace keystone::cli;

DiffSide side_of(const Transcript& transcript) {
  DiffSide side{"transcript", transcript.explanation.measurement, {}, {}, {}, {}, {}};
  for (const TranscriptInput& input : transcript.inputs) {
    side.inputs.push_back({input.role, input.sha256.hex()});
  }
  side.explanation = transcript.explanation;
  return side;
}

}  // namespace

void keystone::fuzz(ByteView input) {
  const std::string_view text(reinterpret_cast<const char*>(input.data()), input.size());
  const auto transcript = parse_transcript(text);
  if (!transcript) {
    return;
  }
  DiffAnswer same = compare_sides(side_of(*transcript), side_of(*parse_transcript(text)));
  KEYSTONE_ASSERT(same.measured && same.measured->list.empty() && same.inputs.empty());

  // Half of it against the whole: other ranges, other pages.
  Transcript half = *transcript;
  auto& ranges = half.explanation.ranges;
  ranges.resize(ranges.size() / 2);
  std::erase_if(half.explanation.pages,
                [&](const MeasuredPage& page) { return page.range >= ranges.size(); });
  const DiffAnswer other = compare_sides(side_of(*transcript), side_of(half));
  KEYSTONE_ASSERT(!diff_text(other, 20).empty() && !diff_json(other).empty());
}
