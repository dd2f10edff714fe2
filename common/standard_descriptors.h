// Descriptors 0 to 2, which every library takes for granted.
#ifndef NASHVILLE_COMMON_STANDARD_DESCRIPTORS_H_
#define NASHVILLE_COMMON_STANDARD_DESCRIPTORS_H_

namespace nash {

// Opens /dev/null for those of 0 to 2 that are closed. Otherwise the next file that is opened gets
// the number, and what is printed lands in it. To be called before anything is opened. False where
// /dev/null cannot be opened.
bool OpenStandardDescriptors();

// Whether nobody will ever read what is written to a descriptor: the other end of a pipe or of a
// terminal is closed.
bool IsReaderGone(int descriptor);

}  // namespace nash

#endif  // NASHVILLE_COMMON_STANDARD_DESCRIPTORS_H_
