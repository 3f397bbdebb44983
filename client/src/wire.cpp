// SPDX-License-Identifier: Apache-2.0
#include "wire.hpp"

#include "connection.hpp"
#include "keystone/base/text.hpp"

#include <algorithm>

#include <boost/beast/http/error.hpp>

namespace keystone::detail {
namespace {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using boost::system::error_code;

constexpr std::size_t kMaxToken = 4096;  // bytes

asio::const_buffer buffer_of(std::string_view text) {
  return {text.data(), text.size()};
}

bool is_token_character(std::uint8_t c) {
  constexpr std::string_view kOthers = "-._~+/=";
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         kOthers.find(static_cast<char>(c)) != std::string_view::npos;
}

// b64token of RFC 6750, section 2.1: nothing that could end a line.
bool is_token(ByteView token) {
  return token.size() <= kMaxToken && std::all_of(token.begin(), token.end(), is_token_character);
}

// TLS 1.2 or 1.3, with the certificates that the options name.
Status set_up(asio::ssl::context& context, const WireOptions& options) {
  error_code problem;
  if (SSL_CTX_set_min_proto_version(context.native_handle(), TLS1_2_VERSION) != 1) {
    return fail(ErrorCode::internal, "the TLS library cannot be set up");
  }
  if (options.ca.empty() && options.origin.tls) {
    context.set_default_verify_paths(problem);
  } else if (!options.ca.empty()) {
    context.add_certificate_authority(buffer_of(options.ca), problem);
  }
  if (problem) {
    return fail(ErrorCode::usage, "ca: want certificates in PEM");
  }
  if (options.certificate.empty() != (options.key.size() == 0)) {
    return fail(ErrorCode::usage, "certificate: want a key with it, and the other way round");
  }
  if (options.certificate.empty()) {
    return {};
  }
  context.use_certificate_chain(buffer_of(options.certificate), problem);
  if (problem) {
    return fail(ErrorCode::usage, "certificate: want a chain in PEM");
  }
  // An encrypted key would have the library ask on the terminal.
  context.set_password_callback([](auto, auto) { return std::string(); }, problem);
  const ByteView key = options.key.bytes();
  context.use_private_key({key.data(), key.size()}, asio::ssl::context::pem, problem);
  if (problem || SSL_CTX_check_private_key(context.native_handle()) != 1) {
    return fail(ErrorCode::usage, "key: want the certificate's own in PEM, unencrypted");
  }
  return {};
}

Error describe(const error_code& problem, const Origin& origin) {
  const std::string where = origin.authority() + ": ";
  if (problem == http::error::body_limit || problem == http::error::header_limit ||
      problem == http::error::buffer_overflow) {
    return {ErrorCode::limit_exceeded, where + "got an answer that is too long"};
  }
  if (problem == http::error::end_of_stream || problem == http::error::partial_message ||
      problem == asio::ssl::error::stream_truncated) {
    return {ErrorCode::unreachable, where + "the connection broke off"};
  }
  if (problem.category() == http::make_error_code(http::error::bad_version).category()) {
    return {ErrorCode::malformed, where + "got what is no answer of HTTP"};
  }
  return {ErrorCode::unreachable, where + printable(problem.message(), 200)};
}

}  // namespace

class Wire::Impl {
 public:
  explicit Impl(WireOptions options) : options_(std::move(options)) {}

  [[nodiscard]] Status prepare() {
    if (!is_token(options_.token.bytes())) {
      return fail(ErrorCode::usage, "token: want letters, digits and -._~+/= only");
    }
    if (!options_.origin.tls && !is_loopback(options_.origin)) {
      return fail(ErrorCode::usage,
                  "origin: got http://" + options_.origin.authority() + ", want https://",
                  "without TLS, only a server on this machine is spoken to");
    }
    return set_up(context_, options_);
  }

  [[nodiscard]] tl::expected<HttpAnswer, Lost> exchange(const HttpRequest& request) {
    const Milestone deadline = std::chrono::steady_clock::now() + options_.timeout;
    bool may_have_arrived = false;
    auto answer = exchange_until(request, deadline, may_have_arrived);
    if (!answer) {
      return tl::unexpected<Lost>(Lost{answer.error(), may_have_arrived});
    }
    return *std::move(answer);
  }

  [[nodiscard]] const Origin& origin() const { return options_.origin; }

 private:
  Result<HttpAnswer> exchange_until(const HttpRequest& request, Milestone deadline,
                                    bool& may_have_arrived) {
    KEYSTONE_TRY(const auto addresses, look_up(options_.origin, deadline));
    Connection connection(deadline);
    error_code problem = connection.connect(addresses);
    if (!problem && options_.origin.tls) {
      problem = connection.start_tls(context_, options_.origin.host);
    }
    if (!problem) {
      may_have_arrived = true;
      problem = connection.write(text_of(request).bytes());
    }
    // A server that refuses a request may answer without having read all of it.
    HttpAnswer answer{};
    if (may_have_arrived) {
      const error_code unread = connection.read(answer, options_.max_answer);
      problem = unread ? (problem ? problem : unread) : error_code();
    }
    if (problem) {
      return fail(describe(problem, options_.origin));
    }
    return answer;
  }

  // Head and body. The token is in it, so it is wiped as a whole.
  [[nodiscard]] SecretBytes text_of(const HttpRequest& request) const {
    std::string head = std::string(request.method) + " " + request.target +
                       " HTTP/1.1\r\nHost: " + options_.origin.authority() +
                       "\r\nUser-Agent: keystone-attest\r\nConnection: close\r\nAccept: " +
                       std::string(request.accept) + "\r\n";
    if (!request.content_type.empty()) {
      head += "Content-Type: " + std::string(request.content_type) + "\r\n";
    }
    if (request.method == "POST") {
      head += "Content-Length: " + std::to_string(request.body.size()) + "\r\n";
    }
    constexpr std::string_view kBearer = "Authorization: Bearer ";
    const ByteView token = options_.token.bytes();
    const bool has_token = !token.empty();
    const std::string_view ends = has_token ? "\r\n\r\n" : "\r\n";
    const std::size_t with_token = has_token ? kBearer.size() + token.size() : 0;
    SecretBytes text(head.size() + with_token + ends.size() + request.body.size());
    auto at = std::copy(head.begin(), head.end(), text.bytes().begin());
    if (has_token) {
      at = std::copy(kBearer.begin(), kBearer.end(), at);
      at = std::copy(token.begin(), token.end(), at);
    }
    at = std::copy(ends.begin(), ends.end(), at);
    std::copy(request.body.begin(), request.body.end(), at);
    return text;
  }

  WireOptions options_;
  asio::ssl::context context_{asio::ssl::context::tls_client};
};

Wire::Wire(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Wire::~Wire() = default;
Wire::Wire(Wire&& other) noexcept = default;

Result<Wire> Wire::create(WireOptions options) {
  try {
    auto impl = std::make_unique<Impl>(std::move(options));
    KEYSTONE_CHECK_OK(impl->prepare());
    return Wire(std::move(impl));
  } catch (const std::exception&) {
    return fail(ErrorCode::internal, "the TLS library cannot be set up");
  }
}

tl::expected<HttpAnswer, Lost> Wire::exchange(const HttpRequest& request) const {
  try {
    return impl_->exchange(request);
  } catch (const std::exception&) {
    return tl::unexpected<Lost>(
        Lost{Error(ErrorCode::internal, "the network library failed"), true});
  }
}

const Origin& Wire::origin() const {
  return impl_->origin();
}

}  // namespace keystone::detail
