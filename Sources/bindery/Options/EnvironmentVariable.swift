import ContentAddress
import Foundation
import Printable

/// The environment of this process.
enum EnvironmentVariable {
    /// The value of a variable; nil where it is unset or empty.
    static func value(_ name: String) -> String? {
        ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// The URI in a variable; nil where it is unset or empty.
    static func uri(_ name: String) throws(UsageError) -> String? {
        guard let text = value(name), !URIText.isURI(text) else { return value(name) }
        throw UsageError(description: "\(name) is '\(printable(text, limit: 80))', which is not a URI")
    }
}
