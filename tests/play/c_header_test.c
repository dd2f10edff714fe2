/* The header is plain C, and its functions are there under their names. */
#include <stdio.h>
#include <string.h>

#include "solver/play/nashville_play.h"

int main(void) {
  char error[60];
  memset(error, 'x', sizeof(error));
  if (nashville_open("no/such.strategy", NULL, 1, error, sizeof(error)) != NULL) return 1;
  if (strncmp(error, "no/such.strategy: ", 18) != 0 || memchr(error, '\0', sizeof(error)) == NULL) {
    fprintf(stderr, "%.60s\n", error);
    return 1;
  }
  /* However little room there is, the text ends within it. */
  error[0] = error[1] = error[2] = 'x';
  if (nashville_open("no/such.strategy", NULL, 1, error, 2) != NULL) return 1;
  if (error[0] != 'n' || error[1] != '\0' || error[2] != 'x') return 1;
  if (nashville_open(NULL, NULL, 1, NULL, 0) != NULL) return 1;
  nashville_close(NULL);
  return 0;
}
