/// What a bill says beside what is found.
package struct BillSettings {
    /// The time in it, in seconds since 1970.
    let epoch: Int64
    /// Whether it claims to be complete.
    let isComplete: Bool
    /// The version of the program in it.
    let toolVersion: String

    package init(epoch: Int64, isComplete: Bool, toolVersion: String) {
        self.epoch = epoch
        self.isComplete = isComplete
        self.toolVersion = toolVersion
    }
}
