import Foundation

/// The environment of this process.
enum EnvironmentVariable {
    /// The value of a variable; nil where it is unset or empty.
    static func value(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }
}
