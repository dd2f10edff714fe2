// What ThreadSanitizer (--config=tsan) must not believe: Debian's libzmq is not built for it, so its
// own synchronisation is not seen. Reports of our code stay.
#if defined(__SANITIZE_THREAD__)
extern "C" const char* __tsan_default_suppressions() {
  return "called_from_lib:libzmq.so\nrace:libzmq.so\n";
}
#endif
