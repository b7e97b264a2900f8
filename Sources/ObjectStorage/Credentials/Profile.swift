import SystemIO

/// The chosen profile of AWS's two files: `AWS_PROFILE`, else `default`.
struct Profile {
    let name: String
    let values: [String: String]

    /// Reads the files that are there; nil where neither has the profile and nobody asked for it.
    ///
    /// Throws ``ObjectStorageError/credentials(reason:)`` for a file that can't be read and for a missing profile that
    /// `AWS_PROFILE` names.
    init?(environment: [String: String]) throws(ObjectStorageError) {
        let asked = environment["AWS_PROFILE"].flatMap { $0.isEmpty ? nil : $0 }
        name = asked ?? "default"
        let home = environment["HOME"] ?? ""
        let config = try Self.read(environment["AWS_CONFIG_FILE"], default: home + "/.aws/config")
        let shared = try Self.read(environment["AWS_SHARED_CREDENTIALS_FILE"], default: home + "/.aws/credentials")
        let found = [config?["profile \(name)"] ?? (name == "default" ? config?[name] : nil), shared?[name]]
        guard found.contains(where: { $0 != nil }) else {
            guard let asked else { return nil }
            throw .credentials(
                reason: "AWS_PROFILE names '\(asked)', which neither ~/.aws/config nor ~/.aws/credentials has"
            )
        }
        // Keys of the file for credentials count before those of the other one.
        values = found.compactMap(\.self).reduce(into: [:]) { $0.merge($1) { _, later in later } }
    }

    private static func read(_ path: String?, default usual: String) throws(ObjectStorageError) -> ProfileFile? {
        let chosen = path.flatMap { $0.isEmpty ? nil : $0 } ?? usual
        let bytes: [UInt8]
        do throws(SystemError) {
            bytes = try File.open(chosen).readBytes(limit: ProfileFile.largestSize)
        } catch {
            if error.isNotFound, path == nil { return nil }
            throw .credentials(reason: "\(error)")
        }
        return try ProfileFile(String(decoding: bytes, as: UTF8.self), path: chosen)
    }
}
