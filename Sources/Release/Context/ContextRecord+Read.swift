package import ContentAddress

extension ContextRecord {
    /// What a record says of one of its files.
    package struct Claim: Sendable {
        /// The file's path in the context, as it is written.
        package let path: String
        package let digest: Digest
        /// The artifact, in words: `tool 1.2.3 linux/amd64`.
        package let artifact: String
    }

    /// What a record of any form says of its first files; empty when the bytes are not a record.
    ///
    /// Leaves out files with missing members.
    package static func claims(in bytes: [UInt8], limit: Int) -> [Claim] {
        guard case .object(let members)? = try? JSONValue(parsing: bytes), members["binderyContext"] != nil,
            case .array(let files)? = members["files"]
        else { return [] }
        return files.prefix(limit).compactMap { item in
            guard case .object(let file) = item, case .string(let path)? = file["file"],
                case .string(let text)? = file["digest"], let digest = try? Digest(parsing: text),
                case .string(let name)? = file["name"], case .string(let version)? = file["version"],
                case .string(let platform)? = file["platform"]
            else { return nil }
            return Claim(path: path, digest: digest, artifact: "\(name) \(version) \(platform)")
        }
    }

    /// The digest of each file of the context that a record's bytes are of, the record itself and the list of what
    /// engines leave out included; nil when it is not a record.
    ///
    /// By their paths in the directory, as they are written: one may lead out of it.
    package static func digests(in bytes: [UInt8]) -> [String: Digest]? {
        guard bytes.count <= maximumSize, let json = try? JSONValue(parsing: bytes), case .object(let members) = json,
            members["binderyContext"] == .int(format), case .array(let files) = members["files"],
            case .object(let dockerfile) = members["dockerfile"]
        else { return nil }
        var digests: [String: Digest] = [:]
        for case .object(let file) in files {
            guard case .string(let name) = file["file"], case .string(let text) = file["digest"],
                let digest = try? Digest(parsing: text)
            else { return nil }
            digests[name] = digest
        }
        guard case .string(let text) = dockerfile["digest"], let digest = try? Digest(parsing: text) else { return nil }
        digests[ContextFile.dockerfileName] = digest
        if case .object(let original) = dockerfile["original"], case .string(let text) = original["digest"] {
            digests[ContextFile.originalName] = try? Digest(parsing: text)
        }
        digests[ContextFile.ignoreName] = Digest.of(
            ignoreText(
                withOriginal: digests[ContextFile.originalName] != nil,
                withContexts: digests.keys.contains(where: isInRelease)
            )
        )
        digests[fileName] = Digest.of(bytes)
        return digests
    }
}
