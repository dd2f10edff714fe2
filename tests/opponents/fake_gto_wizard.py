#!/usr/bin/env python3
"""A server at a free port of this machine that speaks the interface of GTO Wizard's benchmark, as its
published client has it (github.com/gtowizard-ai/researcher-api-client), and plays at random. Rules, ranks
of hands and checks are those of fake_slumbot.py. Prints its port, and a line of JSON for each hand.

    fake_gto_wizard.py FAULT [CERTIFICATE]    "" for none; what else there is: Server.fault"""
import json
import re
import sys

from fake_slumbot import STACK, Answering, Hand, draw, serve

FAULT = sys.argv[1] if len(sys.argv) > 1 else ""
GAME = {"game_id": 1, "game_name": "HUNL 200BB", "game_format": "heads-up", "starting_stack": 20000.0,
        "blinds": [100.0, 50.0], "stack_reset_per_hand": True}
STREETS = ["preflop", "flop", "turn", "river"]


def legal(hand):
    """The letters, and the least and the most of a b."""
    own, other = hand.bets[hand.turn], max(hand.bets)
    most = STACK - hand.before
    if hand.over:
        return [], None
    letters = ["f", "c"] if other > own else ["k"]
    if other >= most:
        return letters, None
    return letters + ["b"], {"min": float(min(other + hand.least, most)), "max": float(most)}


def history(hand):
    """"b200c/kb300" as a list: ["b200", "c", "_", "k", "b300"]."""
    return re.findall(r"[fkc_]|b\d+", hand.text.replace("/", "_"))


class Server(Answering):
    protocol_version, wbufsize, disable_nagle_algorithm = "HTTP/1.1", 1 << 16, True
    hand, num_hands, num_posts, num_acts, has_hung_up = None, 0, 0, 0, False

    def do_GET(self):
        """The hands that are open."""
        assert self.path == "/hands/in-progress?game_name=HUNL%20200BB", self.path
        assert self.headers["X-API-Key"] == "k3y" and "Content-Type" not in self.headers
        # Reading is asked again, after a pause.
        if FAULT == "breaks" and Server.num_acts == 3 and not self.has_hung_up:
            Server.has_hung_up = True
            return self.hang_up()
        if FAULT == "no_list":
            return self.send(200, '{"hands": []}')
        is_open = self.hand is not None and not self.hand.over
        return self.send(200, json.dumps([self.state()] if is_open else []))

    def hang_up(self):
        self.close_connection = True
        return self.connection.close()

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/control":
            return self.begin_anew(body.decode())
        Server.num_posts += 1
        if FAULT in ("502", "503", "504") and Server.num_posts in (1, 2, 5):
            return self.send(int(FAULT), "busy", {"Retry-After": "0.01"})
        # A library's own name is turned away.
        assert self.headers["User-Agent"] == "nashville", self.headers["User-Agent"]
        assert self.headers["Content-Type"] == "application/json"
        if self.headers["X-API-Key"] != "k3y" or FAULT == "expired" and Server.num_posts > 9:
            return self.send(401, '{"detail": "Invalid API key"}')
        asked = json.loads(body)
        if self.path == "/hands":
            assert asked == {"game_name": "HUNL 200BB"}, asked
            if FAULT == "capped" and Server.num_posts in (1, 2) or FAULT == "always_capped":
                return self.send(409, '{"detail": "Cannot start a new hand."}', {"Retry-After": "0.01"})
            Server.num_hands += 1
            Server.hand = Hand(Server.num_hands % 2)
            Server.hand.bot_acts()
            return self.tell()
        assert self.path == "/hands/%d/act" % (1000 + Server.num_hands), self.path
        assert set(asked) == {"action", "amount"}, asked
        Server.num_acts += 1
        if FAULT == "refused" and Server.num_acts == 8:
            return self.send(422, '{"detail": "not \x1b[2J now"}')
        if FAULT == "conflict" and Server.num_acts == 8:
            return self.send(409, '{"detail": "the hand is over"}')
        # Connections break before an action is heard, and before it is answered.
        unheard = (FAULT == "breaks" and Server.num_acts % 8 == 3 or
                   FAULT == "breaks_often" and 8 <= Server.num_acts < 12)
        unanswered = FAULT in ("breaks", "no_list") and Server.num_acts % 8 == 7
        if unheard:
            return self.hang_up()
        letters, span = legal(self.hand)
        assert asked["action"] in letters, (asked, letters)
        if asked["action"] == "b":
            assert isinstance(asked["amount"], int) and span["min"] <= asked["amount"] <= span["max"]
        else:
            assert asked["amount"] is None, asked
        wrong = self.hand.act(asked["action"] + ("%d" % asked["amount"] if asked["amount"] else ""))
        assert wrong is None, wrong
        self.hand.bot_acts()
        if unanswered:
            if self.hand.over:
                print(json.dumps({**self.state(), "lost": True}), flush=True)
            return self.hang_up()
        return self.tell()

    def tell(self):
        told = self.state()
        if self.hand.over:
            print(json.dumps(told), flush=True)
        self.fault(told)
        text = json.dumps(told)
        if FAULT == "deep" and Server.num_acts == 8:
            text = text.replace('"HUNL 200BB"', '"another", "x": ' + "[" * 400000 + "]" * 400000)
        self.send(200, text)

    def state(self):
        hand = self.hand
        letters, span = legal(hand)
        is_bots_fold = hand.folded is not None and hand.folded != hand.client_pos
        winnings = float(hand.winnings()) if hand.over else None
        # Hands that are decided show both.
        players = [{"name": "me" if seat == hand.client_pos else "GTO Wizard",
                    "stack": float(STACK - hand.before - hand.bets[seat]),
                    "position": ["BB", "SB"][seat],
                    "hole_cards": "".join(hand.holes[seat])
                    if seat == hand.client_pos or hand.over else None} for seat in (0, 1)]
        return {"hand_id": 1000 + Server.num_hands, "game": GAME, "game_state": {
            "street": STREETS[hand.street], "common_pot": 2.0 * hand.before,
            "total_pot": 2.0 * hand.before + sum(hand.bets),
            "board_cards": "".join(hand.cards[:[0, 3, 4, 5][hand.street]]), "is_hand_over": hand.over,
            "players": players, "legal_actions": letters, "raise_range": span,
            "action_history": history(hand), "has_gto_wizard_folded": is_bots_fold,
            "winnings": winnings, "aivat_score": None if winnings is None else winnings / 4 + 2.5}}

    def begin_anew(self, fault):
        """As after a start with that fault."""
        global FAULT
        FAULT = fault
        draw.seed(5)
        Server.hand = None
        Server.num_hands = Server.num_posts = Server.num_acts = 0
        Server.has_hung_up = False
        self.send(200, "")

    def fault(self, told):
        state = told["game_state"]
        late = Server.num_acts == 8 or (Server.num_acts > 8 and state["is_hand_over"])
        if FAULT == "trailing":  # the end of a street is not told before the next begins
            while state["action_history"][-1:] == ["_"]:
                state["action_history"].pop()
        if late and FAULT.startswith("="):  # ={"street": "flop"}, or of game, or of the whole
            for key, value in json.loads(FAULT[1:]).items():
                where = next(part for part in (told, told["game"], state) if key in part)
                if where is told["game"]:
                    where = told["game"] = dict(GAME)
                where[key] = value
        if late and FAULT.startswith("-"):
            for part in (told, told["game"], state):
                if FAULT[1:] in part:
                    told["game"] = {k: v for k, v in told["game"].items() if k != FAULT[1:]}
                    (state if part is state else told if part is told else {}).pop(FAULT[1:], None)
                    break
        if FAULT == "nameless":
            for player in state["players"]:
                player["name"] = "player"
        if FAULT == "winnings" and state["is_hand_over"] and Server.num_hands == 3:
            state["winnings"] += 1
        if FAULT == "seats" and late:
            state["players"][0]["position"] = "SB"


if __name__ == "__main__":
    serve(Server)
