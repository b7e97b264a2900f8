import SystemIO

/// Runs system calls, with their error as this module's.
func system<Result>(_ body: () throws(SystemError) -> Result) throws(AssemblerError) -> Result {
    do {
        return try body()
    } catch {
        throw .system(error)
    }
}
