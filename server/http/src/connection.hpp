// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "http/src/byte_stream.hpp"
#include "http/src/exchange.hpp"
#include "http/src/loop.hpp"
#include "http/src/request_reader.hpp"

#include <memory>

namespace keystone::server::http {

// A client, from the accepted socket to its end: requests one after the other, each answered before
// the next one is looked at. Lives on its loop's thread; a worker touches the Exchange alone.
class Connection final : public std::enable_shared_from_this<Connection> {
 public:
  // Null: there is no room for it, and the socket is closed.
  [[nodiscard]] static std::shared_ptr<Connection> make(Loop& loop, Accepted accepted);

  void begin();

  // Whether on_deadline() is to be called now.
  [[nodiscard]] bool is_due(Loop::Time now) const;
  void on_deadline();

  // Closes it if it is idle. A request that has begun is answered, as the last one.
  void stop();

  // Closes it whatever it does.
  void cut();

 private:
  enum class Phase : std::uint8_t {
    handshake,
    receiving,   // a request, or nothing yet
    asking,      // a worker has a copy of the head, for leave to send a large body
    handling,    // a worker has the exchange, for the answer or a piece of it
    continuing,  // the go-ahead for a body is being written
    writing,     // the answer, or a piece of it
    lingering,   // all is said; what still comes is dropped, until the client closes, too
    closed,
  };
  enum class Step : std::uint8_t { again, wait_read, wait_write, wait_worker };

  Connection(Loop& loop, Accepted accepted, std::unique_ptr<ByteStream> stream, bool has_tls);

  // What drives it. connection.cpp
  void go_on();
  [[nodiscard]] Step take_step();
  [[nodiscard]] Step shake_hands();
  [[nodiscard]] Step write();
  [[nodiscard]] Step linger();
  [[nodiscard]] Step begin_linger();
  [[nodiscard]] Step close(std::string_view reason);
  void wait(Step step);
  void tell(TransportEvent::Kind kind, std::string_view reason) noexcept;

  // Requests. connection_requests.cpp
  [[nodiscard]] Step receive();
  [[nodiscard]] Step use_received();
  [[nodiscard]] Step on_head();
  [[nodiscard]] Step ask_leave();
  [[nodiscard]] Step begin_body();
  [[nodiscard]] Step on_body();
  [[nodiscard]] Step dispatch();
  void drop_request();
  void begin_exchange();
  void identify(Request& head);
  [[nodiscard]] std::optional<std::chrono::seconds> over_rate(const Request& head);

  // Answers. connection_answers.cpp
  [[nodiscard]] Step refuse(Refusal refusal, std::optional<std::chrono::seconds> retry_after = {});
  [[nodiscard]] Step turn_away(Response response);
  [[nodiscard]] Step answer(Response response);
  [[nodiscard]] Step on_written();
  [[nodiscard]] Step finish_exchange();
  [[nodiscard]] Step request_piece();
  template <class F>
  void come_back(Exchange& exchange, F action) noexcept;
  void work_on_head(Exchange& exchange) noexcept;
  void work(Exchange& exchange) noexcept;
  void work_on_piece(Exchange& exchange) noexcept;
  void on_piece(std::string piece, bool is_last);
  void tell_finished(bool complete);

  Loop& loop_;
  boost::asio::ip::tcp::socket socket_;
  IpAddress address_;  // of the socket's other end
  std::string address_text_;
  std::size_t listener_;
  Admission::Place place_;
  std::unique_ptr<ByteStream> stream_;
  bool has_tls_;
  std::optional<std::string> certificate_subject_;
  Phase phase_ = Phase::handshake;
  Loop::Time deadline_ = Loop::Time::max();
  unsigned waits_ = 0;  // only the last one counts
  RequestReader reader_;
  Loop::Time began_ = {};       // the request that is being received
  Loop::Time began_body_ = {};  // its body
  IpAddress client_;            // whose it is
  std::shared_ptr<Exchange> exchange_;
  std::string out_;       // to be written
  std::string out_body_;  // and after it
  std::size_t written_ = 0;
  bool is_last_piece_ = true;  // of the answer, when `out_` is written
  std::size_t lingered_ = 0;   // bytes dropped
};

}  // namespace keystone::server::http
