// SPDX-License-Identifier: Apache-2.0
#include "explain_html_support.hpp"
#include "keystone-measure/explain_html_assets.hpp"
#include "keystone-measure/explain_render.hpp"
#include "keystone-measure/memory_map_text.hpp"
#include "keystone-measure/transcript.hpp"
#include "keystone/crypto/digest.hpp"

#include <algorithm>

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

namespace keystone::cli {
namespace {

using nlohmann::ordered_json;

const std::string kHostile =
    "</script><img src=x onerror=alert(1)>\"'&<!--]]>\n\x01\x1b[31m\xff\xe2\x80\xae";

ExplainedEnclave hostile_enclave() {
  auto enclave = enclave_of({range_of(0x10000, 2)});
  enclave.explanation.ranges[0].sections = kHostile;
  enclave.record.inputs[0].path = kHostile;
  enclave.record.notes = {kHostile};
  enclave.record.warnings = {kHostile};
  for (const std::uint64_t address : {0x10000U, 0x11000U}) {
    enclave.explanation.pages.push_back({address, 0, FileDigest(all_bytes<32>(1)), kHostile});
  }
  enclave.explanation.functions.push_back(
      {"eapp", kHostile, 0x10000, 4, FileDigest(all_bytes<32>(2))});
  return enclave;
}

// What stands in the page's element of that start.
std::string element_of(const std::string& html, const std::string& start) {
  const auto begin = html.find(start) + start.size();
  return html.substr(begin, html.find("</", begin) - begin);
}

std::string transcript_in(const std::string& html) {
  return element_of(html, "<script type=\"application/json\" id=\"transcript\">");
}

// RFC 4648, section 4.
std::string base64(ByteView bytes) {
  constexpr std::string_view kDigits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t group = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      group = group << 8U | (i + k < bytes.size() ? bytes[i + k] : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += i + k > bytes.size() ? '=' : kDigits[group >> (18 - 6 * k) & 63U];
    }
  }
  return text;
}

std::string digest_of(std::string_view text) {
  auto hash = Sha256::create();
  hash->update(std::vector<std::uint8_t>(text.begin(), text.end()));
  return base64(std::move(*hash).finish().bytes());
}

TEST(Markup, EscapesWhatMeansSomething) {
  EXPECT_EQ(markup("<a href=\"x\" b='y'>&amp;"),
            "&lt;a href=&quot;x&quot; b=&#39;y&#39;&gt;&amp;amp;");
  EXPECT_EQ(markup("a\xc3\xa9\xf0\x9f\x98\x80"), "a\xc3\xa9\xf0\x9f\x98\x80");
  EXPECT_EQ(markup(""), "");
}

TEST(Markup, ShowsWhatWouldHide) {
  for (const std::string_view hidden :
       {"\n", "\x1b", "\x7f", "\xff", "\xc2\x85", "\xe2\x80\x8b", "\xe2\x80\xa8", "\xe2\x80\xae",
        "\xe2\x81\xa6", "\xef\xbb\xbf", "\xef\xbf\xbe", "\xef\xbf\xbf", "\xd8\x9c"}) {
    EXPECT_EQ(markup("a" + std::string(hidden) + "b"),
              "a\xef\xbf\xbd"
              "b");
  }
  EXPECT_EQ(markup(std::string_view("\0", 1)), "\xef\xbf\xbd");
  EXPECT_EQ(markup("\xed\xa0\x80").find('\xed'), std::string::npos);  // a surrogate
}

TEST(BinarySize, IsExactOrSaysThatItIsNot) {
  EXPECT_EQ(binary_size(0), "0 bytes");
  EXPECT_EQ(binary_size(1023), "1023 bytes");
  EXPECT_EQ(binary_size(1024), "1 KiB");
  EXPECT_EQ(binary_size(1025), "about 1.0 KiB");
  EXPECT_EQ(binary_size(1536), "about 1.5 KiB");
  EXPECT_EQ(binary_size(std::uint64_t{3} << 30U), "3 GiB");
  EXPECT_EQ(binary_size(UINT64_MAX), "about 15.9 EiB");
}

TEST(ExplainHtml, NamesNeverBecomeMarkup) {
  const std::string html = explain_html(hostile_enclave());
  EXPECT_EQ(count_of(html, "<img"), 0U);
  EXPECT_EQ(count_of(html, "onerror=alert(1)>"), 0U);
  EXPECT_EQ(count_of(html, "<!--"), 0U);
  EXPECT_EQ(count_of(html, "</script>"), 2U);
  EXPECT_EQ(count_of(html, "<script"), 2U);
  EXPECT_GE(count_of(html, "&lt;/script&gt;&lt;img src=x onerror=alert(1)&gt;&quot;&#39;&amp;"),
            5U);
  for (const char* const control : {"\x01", "\x1b", "\xff", "\xe2\x80\xae"}) {
    EXPECT_EQ(count_of(html, control), 0U);
  }
}

TEST(ExplainHtml, HoldsTheTranscriptWhateverItSays) {
  const auto enclave = hostile_enclave();
  const std::string text = transcript_in(explain_html(enclave));
  EXPECT_EQ(text.find_first_of("<>&"), std::string::npos);
  EXPECT_TRUE(std::all_of(text.begin(), text.end(), [](char c) { return c >= 0x20 && c < 0x7f; }));
  const auto replaced =
      transcript_of(enclave).dump(0, ' ', true, ordered_json::error_handler_t::replace);
  EXPECT_EQ(ordered_json::parse(text), ordered_json::parse(replaced));
}

TEST(ExplainHtml, AllowsItsOwnScriptAndStyleOnly) {
  const std::string html = explain_html(enclave_of({range_of(0x10000, 2)}));
  EXPECT_EQ(kExplainScriptDigest, digest_of(element_of(html, "<script>")));
  EXPECT_EQ(kExplainStyleDigest, digest_of(element_of(html, "<style>")));
  EXPECT_EQ(count_of(html, "content=\"default-src 'none'; script-src 'sha256-" +
                               std::string(kExplainScriptDigest) + "'; style-src 'sha256-" +
                               std::string(kExplainStyleDigest) + "'; "),
            1U);
  EXPECT_EQ(count_of(html, "unsafe"), 0U);
  EXPECT_EQ(count_of(html, " style="), 0U);
}

TEST(ExplainHtml, LoadsNothing) {
  const std::string html = explain_html(enclave_of({range_of(0x10000, 2)}));
  EXPECT_EQ(count_of(html, "://"), 1U);
  EXPECT_EQ(count_of(html, "xmlns=\"http://www.w3.org/2000/svg\""), 1U);
  for (const char* const loader : {" src=", " href=", "@import", "@font-face", "fetch("}) {
    EXPECT_EQ(count_of(html, loader), 0U) << loader;
  }
}

TEST(ExplainHtml, SaysWhatWasMeasuredAndWhatWasNot) {
  const std::string html = explain_html(enclave_of({range_of(0x10000, 2)}));
  EXPECT_EQ(element_of(html, "<code id=\"profile\">"), "keystone-v1");
  EXPECT_EQ(element_of(html, "<code id=\"hash\">"), EnclaveHash(all_bytes<64>(0xab)).hex());
  EXPECT_EQ(count_of(html, FileDigest(all_bytes<32>(0xcd)).hex()), 2U);  // transcript and table
  EXPECT_EQ(count_of(html, "<li>a warning</li>"), 1U);
  for (const std::string_view sentence : not_measured(Profile::keystone_v1)) {
    EXPECT_EQ(count_of(html, "<li>" + markup(sentence) + "</li>"), 1U);
  }
}

TEST(ExplainHtml, CallsAnAddressOfTheLoaderSchemeAnOffset) {
  const auto loader = enclave_of({range_of(0, 2)}, Profile::keystone_loader_rv64);
  EXPECT_EQ(count_of(explain_html(loader), "data-address-name=\"offset\""), 1U);
  EXPECT_EQ(count_of(explain_html(enclave_of({})), "data-address-name=\"address\""), 1U);
}

TEST(ExplainHtml, DoesNotGrowWithPages) {
  const std::string few = explain_html(enclave_of({range_of(0x10000, 1000)}));
  const std::string many = explain_html(enclave_of({range_of(0x10000, 1U << 20U)}));
  EXPECT_LT(many.size(), few.size() + 4096);
}

TEST(ExplainSvg, HasOneElementForEachRange) {
  const std::string svg = explain_svg(enclave_of({range_of(0x10000, 1), range_of(0x11000, 40)}));
  EXPECT_EQ(count_of(svg, "class=\"range "), 2U);
  EXPECT_EQ(count_of(svg, "data-range=\"1\" data-address=\"0x11000\" data-size=\"163840\""), 1U);
  EXPECT_EQ(count_of(svg, "class=\"run\""), 1U);
}

TEST(ExplainSvg, IsAPictureAlone) {
  const std::string svg = explain_svg(hostile_enclave());
  EXPECT_TRUE(svg.starts_with("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<svg xmlns="));
  EXPECT_TRUE(svg.ends_with("</svg>\n"));
  EXPECT_EQ(count_of(svg, "<script"), 0U);
  EXPECT_EQ(count_of(svg, "<img"), 0U);
  EXPECT_EQ(count_of(svg, "://"), 1U);
  EXPECT_EQ(count_of(svg, EnclaveHash(all_bytes<64>(0xab)).hex()), 1U);
}

TEST(ExplainSvg, LabelsGaps) {
  const std::string svg = explain_svg(enclave_of({range_of(0, 1), range_of(0xc0001000, 1)}));
  EXPECT_EQ(count_of(svg, ">gap of 3 GiB</text>"), 1U);
  EXPECT_EQ(count_of(explain_svg(enclave_of({range_of(0, 1)})), "gap of"), 0U);
}

}  // namespace
}  // namespace keystone::cli
