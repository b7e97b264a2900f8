import Foundation
import Glibc
import SystemIO

/// What opens encrypted private keys: the first line of a file, else BINDERY_KEY_PASSPHRASE.
package enum KeyPassphrase {
    private static let variable = "BINDERY_KEY_PASSPHRASE"

    /// Throws where the variable is there and empty, as a secret that isn't set: a key would be written in the clear.
    package static func checkForWriting(file: String?) throws(ProofError) {
        guard file == nil, ProcessInfo.processInfo.environment[variable]?.isEmpty == true else { return }
        throw .emptyPassphrase(variable: variable)
    }

    /// The passphrase; nil when none is given.
    package static func read(file: String?) throws -> [UInt8]? {
        if let file {
            let bytes = try File.open(file, O_RDONLY).readBytes(limit: 4096)
            let line = Array(bytes.prefix { $0 != UInt8(ascii: "\n") && $0 != UInt8(ascii: "\r") })
            guard !line.isEmpty, line.count < 1024 else {
                throw ProofError.noPassphrase(path: file)
            }
            return line
        }
        guard let text = ProcessInfo.processInfo.environment[variable], !text.isEmpty else { return nil }
        return Array(text.utf8)
    }
}
