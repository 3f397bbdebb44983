// SPDX-License-Identifier: Apache-2.0
#include "keystone/report/report.hpp"

#include "keystone/base/assert.hpp"
#include "report_json.hpp"

#include <algorithm>

namespace keystone {
namespace {

using Layout = ReportLayout;

// data_len, a little-endian u64 that the sender chose. Requires kData bytes of input.
std::uint64_t data_length_of(ByteView input) {
  std::uint64_t length = 0;
  for (std::size_t i = 8; i > 0; --i) {
    length = length << 8U | input[Layout::kDataLength + i - 1];
  }
  return length;
}

tl::unexpected<Error> wrong_size(ByteView input, const std::string& want, std::string hint = {}) {
  return fail(ErrorCode::malformed,
              "the report: got " + std::to_string(input.size()) + " bytes, want " + want,
              std::move(hint));
}

// The size of the data, once it is known to be in bounds.
Result<std::size_t> checked_data_size(ByteView input) {
  if (input.size() < Layout::kData) {
    return wrong_size(input, std::to_string(Layout::kFixedSize) + " or " +
                                 std::to_string(Layout::kCompactOverhead) + " and the data's");
  }
  const std::uint64_t length = data_length_of(input);
  if (length > Layout::kMaxData) {
    return fail(ErrorCode::malformed, "data_len: got " + std::to_string(length) +
                                          ", want at most " + std::to_string(Layout::kMaxData));
  }
  return static_cast<std::size_t>(length);
}

bool starts_like_json(ByteView input) {
  const auto first = std::find_if(input.begin(), input.end(), [](std::uint8_t byte) {
    return byte != ' ' && byte != '\t' && byte != '\n' && byte != '\r';
  });
  return first != input.end() && *first == '{';
}

// By its length alone, which no JSON text can have: six of its bytes of data_len would be zero.
// `std::nullopt` if it is neither binary form.
std::optional<ReportFormat> binary_format(ByteView input, bool allow_trailing) {
  const auto data_size = checked_data_size(input);
  if (!data_size) {
    return std::nullopt;
  }
  if (input.size() == Layout::kFixedSize || (allow_trailing && input.size() > Layout::kFixedSize)) {
    return ReportFormat::fixed;
  }
  return input.size() == Layout::kCompactOverhead + *data_size
             ? std::optional(ReportFormat::compact)
             : std::nullopt;
}

ReportFormat find_format(ByteView input, bool allow_trailing) {
  if (const auto binary = binary_format(input, allow_trailing)) {
    return *binary;
  }
  // With a data_len in bounds, which is zeros for the most part, it is a binary report of a wrong
  // length, whatever its first byte.
  const bool is_text = starts_like_json(input) && !checked_data_size(input);
  return is_text ? ReportFormat::json : ReportFormat::fixed;
}

std::vector<std::uint8_t> compact_bytes(const ReportFields& fields) {
  std::vector<std::uint8_t> bytes(Layout::kCompactOverhead + fields.data.size());
  auto next = bytes.begin();
  const auto append = [&](ByteView part) { next = std::copy(part.begin(), part.end(), next); };
  append(fields.enclave_hash.bytes());
  for (unsigned shift = 0; shift < 64; shift += 8) {
    *next++ = static_cast<std::uint8_t>(std::uint64_t{fields.data.size()} >> shift);
  }
  append(fields.data);
  append(fields.enclave_signature.bytes());
  append(fields.sm_hash.bytes());
  append(fields.sm_public_key.bytes());
  append(fields.sm_signature.bytes());
  append(fields.device_key.bytes());
  return bytes;
}

}  // namespace

std::string_view to_string(ReportFormat format) {
  switch (format) {
    case ReportFormat::fixed:
      return "fixed";
    case ReportFormat::compact:
      return "compact";
    case ReportFormat::json:
      return "json";
  }
  KEYSTONE_ASSERT(false);
}

Report::Report(ReportFormat format, SharedBytes bytes, std::size_t data_size)
    : format_(format), bytes_(std::move(bytes)), data_size_(data_size) {
  const std::size_t room = format == ReportFormat::fixed ? Layout::kMaxData : data_size;
  KEYSTONE_ASSERT(data_size <= Layout::kMaxData);
  KEYSTONE_ASSERT(received().size() == Layout::kCompactOverhead + room);
}

Result<Report> Report::parse_fixed(ByteView input, bool allow_trailing) {
  KEYSTONE_TRY(const auto data_size, checked_data_size(input));
  if (input.size() < Layout::kFixedSize || (input.size() > Layout::kFixedSize && !allow_trailing)) {
    return wrong_size(input,
                      std::to_string(Layout::kFixedSize) + ", or " +
                          std::to_string(Layout::kCompactOverhead + data_size) +
                          " in compact form with this data_len",
                      input.size() > Layout::kFixedSize
                          ? "an eapp's whole buffer has bytes behind the report: --allow-trailing "
                            "(allow_trailing) ignores them"
                          : "");
  }
  const ByteView report = input.first(Layout::kFixedSize);
  return Report(ReportFormat::fixed, SharedBytes(report), data_size);
}

Result<Report> Report::parse_compact(ByteView input) {
  KEYSTONE_TRY(const auto data_size, checked_data_size(input));
  if (input.size() != Layout::kCompactOverhead + data_size) {
    return wrong_size(input, std::to_string(Layout::kCompactOverhead + data_size) +
                                 " in compact form with this data_len");
  }
  return Report(ReportFormat::compact, SharedBytes(input), data_size);
}

Result<Report> Report::parse(ByteView input, ParseOptions options) {
  switch (options.format.value_or(find_format(input, options.allow_trailing))) {
    case ReportFormat::fixed:
      return parse_fixed(input, options.allow_trailing);
    case ReportFormat::compact:
      return parse_compact(input);
    case ReportFormat::json: {
      const std::string_view text(reinterpret_cast<const char*>(input.data()), input.size());
      KEYSTONE_TRY(const auto fields, detail::read_report_json(text));
      return Report(ReportFormat::json, SharedBytes(compact_bytes(fields)), fields.data.size());
    }
  }
  KEYSTONE_ASSERT(false);
}

Result<Report> Report::from_fields(const ReportFields& fields) {
  if (fields.data.size() > Layout::kMaxData) {
    return fail(ErrorCode::usage, "data: got " + std::to_string(fields.data.size()) +
                                      " bytes, want at most " + std::to_string(Layout::kMaxData));
  }
  return Report(ReportFormat::compact, SharedBytes(compact_bytes(fields)), fields.data.size());
}

ByteView Report::tail(std::size_t offset, std::size_t size) const {
  return received().last(Layout::kAfterData).subspan(offset, size);
}

EnclaveHash Report::enclave_hash() const {
  return EnclaveHash(received().first<EnclaveHash::kSize>());
}

ByteView Report::data() const {
  return received().subspan(Layout::kData, data_size_);
}

SmHash Report::sm_hash() const {
  return at_tail<SmHash>(Layout::kSmHash);
}

SmPublicKey Report::sm_public_key() const {
  return at_tail<SmPublicKey>(Layout::kSmPublicKey);
}

Signature Report::sm_signature() const {
  return at_tail<Signature>(Layout::kSmSignature);
}

DevicePublicKey Report::claimed_device_key() const {
  return at_tail<DevicePublicKey>(Layout::kDeviceKey);
}

ByteView Report::signed_by_sm() const {
  return received().first(Layout::kData + data_size_);
}

ByteView Report::signed_by_device() const {
  return tail(Layout::kSmHash, SmHash::kSize + SmPublicKey::kSize);
}

ByteView Report::sm_part() const {
  return tail(Layout::kSmHash, SmHash::kSize + SmPublicKey::kSize + Signature::kSize);
}

ByteView Report::unsigned_tail() const {
  const std::size_t end = received().size() - Layout::kAfterData;
  return received().first(end).subspan(Layout::kData + data_size_);
}

bool Report::has_dirty_tail() const {
  const ByteView tail = unsigned_tail();
  return std::any_of(tail.begin(), tail.end(), [](std::uint8_t byte) { return byte != 0; });
}

std::vector<std::uint8_t> Report::encode_compact() const {
  const ByteView start = signed_by_sm();
  const ByteView end = tail(0, Layout::kAfterData);
  std::vector<std::uint8_t> bytes(start.begin(), start.end());
  bytes.insert(bytes.end(), end.begin(), end.end());
  return bytes;
}

std::vector<std::uint8_t> Report::encode_fixed() const {
  const ByteView start = signed_by_sm();
  const ByteView end = tail(0, Layout::kAfterData);
  std::vector<std::uint8_t> bytes(Layout::kFixedSize);
  std::copy(start.begin(), start.end(), bytes.begin());
  std::copy(end.begin(), end.end(), bytes.end() - Layout::kAfterData);
  return bytes;
}

}  // namespace keystone
