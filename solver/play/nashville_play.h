/* A trained strategy for programs in other languages: libnashville_play.so (docs/playing.md).
 *
 * Four functions; plain C. All may be called from many threads at once, but that nobody asks a
 * strategy after it was closed. Structures are zeroed by their users first, so that fields of later
 * versions have a meaning.
 */
#ifndef NASHVILLE_SOLVER_PLAY_NASHVILLE_PLAY_H_
#define NASHVILLE_SOLVER_PLAY_NASHVILLE_PLAY_H_

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define NASHVILLE_ACTIONS_MAX 16

struct nashville_strategy;

struct nashville_question {
  const char* hole;    /* "AsKd" */
  const char* board;   /* "Th9h2c": the cards dealt so far; NULL: none */
  const char* betting; /* as ACPC writes it: "cr300c/r600"; NULL: nothing yet */
  /* By position, as many as the game has players; NULL: those that the strategy was trained for. */
  const int32_t* stacks;
  /* Other stacks than trained are refused where 0; else bets keep their share of the pot. */
  int32_t scale_stacks;
  int32_t position; /* of who is asked; 0 is the first after the button */
  uint64_t hand;    /* names what is drawn: the same hand, the same answer */
};

struct nashville_answer {
  int32_t num_actions;
  int32_t chosen; /* an index of actions */
  /* -1 fold, 0 check or call, else raise to so many chips over the whole hand. */
  int32_t actions[NASHVILLE_ACTIONS_MAX];
  double probabilities[NASHVILLE_ACTIONS_MAX];
  int32_t is_off_tree; /* not 0: the strategy knows no such hand, and checks and calls */
};

/* Opens a strategy file. bucket_folder: where bucket files are that do not lie beside it; may be
 * NULL. NULL on error, with one line in error: [error_bytes], always ended by a zero. */
struct nashville_strategy* nashville_open(const char* path, const char* bucket_folder,
                                          uint64_t seed, char* error, size_t error_bytes);

/* 0 if there is an answer; else error has one line. */
int nashville_ask(const struct nashville_strategy* strategy,
                  const struct nashville_question* question, struct nashville_answer* answer,
                  char* error, size_t error_bytes);

/* The run definition that the strategy was trained by, as YAML; lives as long as the strategy. */
const char* nashville_definition(const struct nashville_strategy* strategy);

/* NULL is OK. */
void nashville_close(struct nashville_strategy* strategy);

#ifdef __cplusplus
}
#endif

#endif /* NASHVILLE_SOLVER_PLAY_NASHVILLE_PLAY_H_ */
