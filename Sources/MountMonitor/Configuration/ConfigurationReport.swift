/// Where the configuration that runs comes from, for those who report on it.
struct ConfigurationReport: Equatable, Sendable {
    /// nil when there was none.
    var file: String?
    /// What is odd in it, one line each.
    var warnings: [String] = []
    /// Why a newer one could not be taken on; none when the newest runs.
    var errors: [String] = []
}
