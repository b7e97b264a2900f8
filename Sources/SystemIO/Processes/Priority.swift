import CShims

/// How this thread stands against others.
package enum Priority {
    /// Lets everybody else's reads and writes go first: the lowest best-effort class of the kernel's scheduler.
    ///
    /// Without effect where the scheduler of the disk knows no priorities.
    package static func lowerInputAndOutput() {
        _ = shim_lower_io_priority()
    }
}
