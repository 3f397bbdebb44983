// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "keystone/base/hashes.hpp"
#include "keystone/base/keys.hpp"
#include "keystone/base/result.hpp"
#include "keystone/base/shared_bytes.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

// The attestation report that a Keystone Security Monitor signs, in its three forms. Reading one
// says nothing about whether it is genuine: that is the verifier's.
namespace keystone {

enum class ReportFormat : std::uint8_t {
  fixed,    // 1352 bytes, the SM's struct report: the data padded to 1024 bytes
  compact,  // 328 + data_len bytes, of the VTT Rust SDK: the data without padding
  json,     // of Keystone's own SDK: lower-case hex in an object
};

// The format's word: its enumerator.
[[nodiscard]] std::string_view to_string(ReportFormat format);

// Offsets and sizes in bytes. Source: struct report_t in sm/src/enclave.h of keystone 88c49ee,
// unchanged since 2018-11-22, the same on RV32 and RV64.
struct ReportLayout {
  static constexpr std::size_t kMaxData = 1024;  // ATTEST_DATA_MAXLEN
  static constexpr std::size_t kDataLength = 64;
  static constexpr std::size_t kData = 72;
  static constexpr std::size_t kFixedSize = 1352;
  static constexpr std::size_t kCompactOverhead = 328;  // all but the data

  // From the end of the data (compact) or of its padding (fixed).
  static constexpr std::size_t kEnclaveSignature = 0;
  static constexpr std::size_t kSmHash = 64;
  static constexpr std::size_t kSmPublicKey = 128;
  static constexpr std::size_t kSmSignature = 160;
  static constexpr std::size_t kDeviceKey = 224;
  static constexpr std::size_t kAfterData = 256;  // size of these five
};
static_assert(ReportLayout::kData + ReportLayout::kMaxData + ReportLayout::kAfterData ==
              ReportLayout::kFixedSize);
static_assert(ReportLayout::kData + ReportLayout::kAfterData == ReportLayout::kCompactOverhead);

// A report's fields, for who makes one.
struct ReportFields {
  EnclaveHash enclave_hash;
  std::vector<std::uint8_t> data;  // at most ReportLayout::kMaxData bytes
  Signature enclave_signature;
  SmHash sm_hash;
  SmPublicKey sm_public_key;
  Signature sm_signature;
  DevicePublicKey device_key;
};

// Immutable; a copy shares the bytes.
class Report {
 public:
  struct ParseOptions {
    std::optional<ReportFormat> format;  // insist on it; absent: found out
    bool allow_trailing = false;         // ignore bytes behind a fixed report, as eapp buffers have
  };

  // Reads `input`, of which nothing is believed before it is checked: data_len comes first and may
  // not exceed 1024. Without a format: what has the length of a binary form is that form, else what
  // starts with `{` after white space is JSON. (A report of 1352 bytes with 1024 of data is fixed
  // and compact at once, and the same in both.) `malformed` or `limit_exceeded` for anything else,
  // with the lengths that would fit.
  [[nodiscard]] static Result<Report> parse(ByteView input, ParseOptions options);
  [[nodiscard]] static Result<Report> parse(ByteView input) { return parse(input, {}); }

  // A report of these fields; `usage` for more than 1024 bytes of data.
  [[nodiscard]] static Result<Report> from_fields(const ReportFields& fields);

  // The form it came in; compact for one from fields.
  [[nodiscard]] ReportFormat format() const { return format_; }

  // Signed by the Security Monitor: what enclave it says that it measured, and what the enclave
  // gave it to sign, 0 to 1024 bytes. The view lives as long as this object or a copy.
  [[nodiscard]] EnclaveHash enclave_hash() const;
  [[nodiscard]] ByteView data() const;
  [[nodiscard]] Signature enclave_signature() const {
    return at_tail<Signature>(ReportLayout::kEnclaveSignature);
  }

  // Signed by the device: what firmware the boot ROM says that it measured, and its key.
  [[nodiscard]] SmHash sm_hash() const;
  [[nodiscard]] SmPublicKey sm_public_key() const;
  [[nodiscard]] Signature sm_signature() const;

  // Signed by nobody: which device the sender says that it is. It selects an entry of the
  // verifier's registry and is never a key to check with.
  [[nodiscard]] DevicePublicKey claimed_device_key() const;

  // The bytes under the two signatures, as they came: [0, 72 + data_len) and the 96 of SM hash and
  // key. Views that live as long as this object or a copy.
  [[nodiscard]] ByteView signed_by_sm() const;
  [[nodiscard]] ByteView signed_by_device() const;

  // The SM hash, key and signature, 160 bytes. All zero on platforms without a root of trust.
  [[nodiscard]] ByteView sm_part() const;

  // The bytes between the data and the enclave signature of a fixed report: signed by nobody,
  // uninitialised stack of the Security Monitor in genuine ones, and no part of the data. Empty in
  // the other formats.
  [[nodiscard]] ByteView unsigned_tail() const;
  [[nodiscard]] bool has_dirty_tail() const;  // a byte of the tail is not zero

  // The binary report as it came, its tail included; of a JSON report, the compact form.
  [[nodiscard]] ByteView received() const { return bytes_.view(); }

  // The report in each form, the unsigned tail as zeros. encode_json() is, byte for byte, what
  // Keystone's SDK writes.
  [[nodiscard]] std::vector<std::uint8_t> encode_fixed() const;
  [[nodiscard]] std::vector<std::uint8_t> encode_compact() const;
  [[nodiscard]] std::string encode_json() const;

 private:
  Report(ReportFormat format, SharedBytes bytes, std::size_t data_size);

  [[nodiscard]] static Result<Report> parse_fixed(ByteView input, bool allow_trailing);
  [[nodiscard]] static Result<Report> parse_compact(ByteView input);

  // The field at `offset` behind the data or its padding.
  [[nodiscard]] ByteView tail(std::size_t offset, std::size_t size) const;
  template <class Field>
  [[nodiscard]] Field at_tail(std::size_t offset) const {
    const ByteView field = tail(offset, Field::kSize);
    return Field(std::span<const std::uint8_t, Field::kSize>(field));
  }

  ReportFormat format_;
  SharedBytes bytes_;
  std::size_t data_size_;  // at most kMaxData
};

}  // namespace keystone
