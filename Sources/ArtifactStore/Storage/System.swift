import SystemIO

/// Runs system calls, and throws their failure as the store's.
func system<Value: ~Copyable>(_ body: () throws(SystemError) -> Value) throws(StoreError) -> Value {
    do { return try body() } catch { throw .system(error) }
}
