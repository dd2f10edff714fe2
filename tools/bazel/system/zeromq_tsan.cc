// What ThreadSanitizer (--config=tsan) must not believe: Debian does not build libzmq and its
// libsodium for it, so their own synchronisation is not seen. Reports of our code stay.
#if defined(__SANITIZE_THREAD__)
extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:libzmq.so\nrace:libzmq.so\n"
         "called_from_lib:libsodium.so\nrace:libsodium.so\n";
}
#endif
