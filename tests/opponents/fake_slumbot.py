#!/usr/bin/env python3
"""A server at a free port of this machine that speaks Slumbot's interface and plays at random, with
rules, ranks of hands and checks of its own. Prints its port, and a line of JSON for each hand.

    fake_slumbot.py FAULT [CERTIFICATE]   "" for none; what else there is: Server.fault. CERTIFICATE: a
                                          PEM file with its key, for https"""
import collections
import http.server
import itertools
import json
import random
import sys

FAULT = sys.argv[1] if len(sys.argv) > 1 else ""
STACK, BIG = 20000, 100
draw = random.Random(5)


def strength(cards):
    """Of the best five: a tuple that compares."""
    def five(hand):
        ranks = sorted(("23456789TJQKA".index(c[0]) for c in hand), reverse=True)
        counts = sorted(collections.Counter(ranks).items(), key=lambda rc: (-rc[1], -rc[0]))
        shape, order = [c for _, c in counts], [r for r, _ in counts]
        flush = len({c[1] for c in hand}) == 1
        if order == [12, 3, 2, 1, 0]:
            order = [3, 2, 1, 0, -1]
        straight = len(order) == 5 and order[0] - order[4] == 4
        kind = (8 if straight and flush else 7 if shape[0] == 4 else 6 if shape == [3, 2] else
                5 if flush else 4 if straight else 3 if shape[0] == 3 else
                2 if shape[:2] == [2, 2] else 1 if shape[0] == 2 else 0)
        return kind, order
    return max(five(hand) for hand in itertools.combinations(cards, 5))


class Hand:
    def __init__(self, client_pos):
        deck = [r + s for r in "23456789TJQKA" for s in "cdhs"]
        draw.shuffle(deck)
        self.client_pos, self.holes, self.cards = client_pos, [deck[0:2], deck[2:4]], deck[4:9]
        self.spare = deck[9:11]
        self.text, self.street, self.before = "", 0, 0
        self.bets, self.turn, self.acted = [BIG, BIG // 2], 1, 0
        self.least, self.folded, self.over = BIG, None, False

    def act(self, incr):
        """Why not, or none."""
        own, other = self.bets[self.turn], self.bets[1 - self.turn]
        if incr == "f" and other > own:
            self.folded, self.over = self.turn, True
        elif incr == ("c" if other > own else "k"):
            self.bets[self.turn] = other
        elif incr[:1] == "b" and incr[1:].isdigit() and other + self.before < STACK:
            to, most = int(incr[1:]), STACK - self.before
            if not (other < to <= most and (to - other >= self.least or to == most)):
                return "Illegal bet"
            self.least = max(self.least, to - other)
            self.bets[self.turn], self.acted = to, 0
        else:
            return "Illegal action"
        self.text += incr
        self.acted += 1
        self.turn = 1 - self.turn
        if not self.over and self.bets[0] == self.bets[1] and self.acted >= 2 - (incr == "c" and
                                                                              self.street > 0):
            self.end_street(incr)
        return None

    def end_street(self, incr):
        self.before += self.bets[0]
        self.bets, self.turn, self.acted, self.least = [0, 0], 0, 0, BIG
        if self.before == STACK or self.street == 3:
            self.text += "/" * (3 - self.street)
            self.street, self.over = 3, True
        else:
            self.street += 1
            self.text += "/"

    def winnings(self):
        """The client's."""
        if self.folded is not None:
            lost = self.before + self.bets[self.folded]
            return -lost if self.folded == self.client_pos else lost
        own, other = (strength(self.holes[p] + self.cards)
                      for p in (self.client_pos, 1 - self.client_pos))
        return self.before * ((own > other) - (own < other))

    def bot_acts(self):
        while not self.over and self.turn != self.client_pos:
            most = STACK - self.before
            choices = ["k", "c", "c", "c", "f", "b%d" % (max(self.bets) + self.least), "b%d" % most,
                       "b%d" % draw.randint(1, most)]
            self.act(draw.choice(choices))

    def answer(self):
        board = self.cards[:[0, 3, 4, 5][self.street]]
        told = {"old_action": "", "action": self.text, "client_pos": self.client_pos,
                "hole_cards": self.holes[self.client_pos], "board": board}
        if self.over:
            told["winnings"] = self.winnings()
            # As though Slumbot had won 7 chips less in the seat.
            told["baseline_winnings"] = told["winnings"] - 7 - self.client_pos
            told["session_num_hands"] = Server.num_hands
            if self.folded is None:
                told["bot_hole_cards"] = self.holes[1 - self.client_pos]
        return told


class Answering(http.server.BaseHTTPRequestHandler):
    """What a server here says, and nothing on the terminal."""

    def send(self, status, text, headers={}):
        self.send_response(status)
        self.send_header("Content-Length", str(len(text.encode())))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def log_message(self, *args):
        pass


class Server(Answering):
    protocol_version, wbufsize, disable_nagle_algorithm = "HTTP/1.1", 1 << 16, True
    hand, token, num_hands, num_posts, num_acts, has_expired = None, None, 0, 0, 0, False

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/control":
            return self.begin_anew(body.decode())
        Server.num_posts += 1
        if FAULT in ("429", "502", "503", "504") and Server.num_posts in (1, 2, 5):
            return self.send(int(FAULT), "busy", {"Retry-After": "0.01"})
        if FAULT == "always_503":
            return self.send(503, "busy", {"Retry-After": "0.01"})
        if FAULT in ("401", "500"):
            return self.send(int(FAULT), "no")
        assert self.headers["Content-Type"] == "application/json"
        asked = json.loads(body)
        assert all(isinstance(value, str) for value in asked.values()), asked
        if self.path == "/api/login":
            assert set(asked) == {"username", "password"}, asked
            if (asked["username"], asked["password"]) != ("me", "s3cret"):
                return self.tell({"error_msg": "Incorrect password"})
            Server.token = "of-me"
            return self.tell({"token": Server.token})
        if asked.get("token") != Server.token:
            return self.tell({"error_msg": "Invalid token"})
        if self.path == "/api/new_hand":
            assert set(asked) <= {"token"}, asked
            if FAULT == "between" and Server.num_hands in (3, 7) and not self.has_expired:
                Server.has_expired, Server.token = True, None
                return self.tell({"error_msg": "Please begin anew"})
            Server.has_expired = False
            Server.num_hands += 1
            Server.hand = Hand(Server.num_hands % 2)
        else:
            assert self.path == "/api/act" and set(asked) == {"token", "incr"}, (self.path, asked)
            Server.num_acts += 1
            if FAULT == "refused" and Server.num_acts == 8:
                return self.tell({"error_msg": "Illegal \x1b[2J action"})
            if FAULT == "expired" and Server.num_acts in (8, 20) or FAULT == "gone":
                Server.token = None  # whoever asks without one, or logs in, gets another
                return self.tell({"error_msg": "Session \x1b[2J expired"})
            if FAULT == "hang_up" and Server.num_acts == 8:
                self.close_connection = True
                return self.connection.close()
            wrong = Server.hand.act(asked["incr"])
            if wrong:
                return self.tell({"error_msg": wrong})
        Server.hand.bot_acts()
        told = Server.hand.answer()
        if Server.hand.over:
            print(json.dumps(told), flush=True)
        # The newest token counts, and it changes.
        Server.token = "token-%d" % Server.num_posts
        told["token"] = Server.token
        return self.fault(told)

    def begin_anew(self, fault):
        """As after a start with that fault."""
        global FAULT
        FAULT = fault
        draw.seed(5)
        Server.hand, Server.token, Server.has_expired = None, None, False
        Server.num_hands = Server.num_posts = Server.num_acts = 0
        self.send(200, "")

    def fault(self, told):
        late = Server.num_acts == 8 or (Server.num_acts > 8 and "winnings" in told)
        if late and FAULT == "malformed":
            return self.send(200, json.dumps(told)[:-9])
        if late and FAULT == "list":
            return self.send(200, "[1]")
        if late and FAULT == "long":
            return self.send(200, json.dumps(told) + " " * 2000000)
        if late and FAULT.startswith("="):  # ={"key": other}
            told.update(json.loads(FAULT[1:]))
        if late and FAULT.startswith("-"):
            told.pop(FAULT[1:], None)
        if FAULT == "no_baseline" and Server.num_hands == 3:
            told.pop("baseline_winnings", None)
        if FAULT == "winnings" and "winnings" in told and Server.num_hands == 3:
            told["winnings"] += 1
        if FAULT == "seat" and Server.num_acts >= 1:
            told["client_pos"] = 1 - told["client_pos"]
        if FAULT == "twice" and told["board"]:
            told["board"][0] = told["hole_cards"][0]
        if FAULT == "holes" and Server.num_acts == 3:
            told["hole_cards"] = self.hand.spare
        return self.tell(told)

    def tell(self, told):
        self.send(200, json.dumps(told))


def serve(handler):
    server = http.server.HTTPServer(("127.0.0.1", 0), handler)
    if len(sys.argv) > 2:
        import ssl  # takes a while
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[2])
        server.socket = context.wrap_socket(server.socket, server_side=True)
    print(server.server_address[1], flush=True)
    server.serve_forever()


if __name__ == "__main__":
    serve(Server)
