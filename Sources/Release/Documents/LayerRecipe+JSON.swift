package import ContentAddress
import Printable

extension LayerRecipe {
    /// The recipe as JSON.
    package var json: JSONValue {
        .object(["compression": .string(compression), "entries": .array(entries.map(\.json)), "tar": .string(tar)])
    }

    /// Reads a recipe; nil when it says too little, or something that this version doesn't know.
    package init?(_ json: JSONValue) {
        guard case .object(let members) = json, let tar = members["tar"]?.text,
            let compression = members["compression"]?.text, case .array(let items)? = members["entries"]
        else { return nil }
        var entries: [Entry] = []
        for item in items {
            guard let entry = Entry(item) else { return nil }
            entries.append(entry)
        }
        self.init(tar: tar, compression: compression, entries: entries)
    }

    /// The files that a recipe names with their digests, of any version and from anybody, in order.
    ///
    /// At most `limit` entries are looked at; what isn't a file with a path and a digest is left out.
    package static func files(in json: JSONValue, limit: Int = .max) -> [(path: String, digest: Digest)] {
        guard case .object(let members) = json, case .array(let entries)? = members["entries"] else { return [] }
        return entries.prefix(max(limit, 0)).compactMap { entry in
            guard case .object(let members) = entry, let path = members["path"]?.text,
                let digest = members["digest"]?.digest
            else { return nil }
            return (path, digest)
        }
    }
}

extension LayerRecipe.Entry {
    fileprivate var json: JSONValue {
        var members: [String: JSONValue] = [
            "gid": .int(Int64(gid)), "mode": .string(FileMode.text(mode)), "path": .string(path),
            "time": .int(modified), "uid": .int(Int64(uid)),
        ]
        switch kind {
        case .directory: members["type"] = "directory"
        case .pipe: members["type"] = "fifo"
        case .symbolicLink(let target):
            members["type"] = "symlink"
            members["target"] = .string(target)
        case .device(let isBlock, let major, let minor):
            members["type"] = isBlock ? "block" : "character"
            members["device"] = .string("\(major):\(minor)")
        case .file(let content, let size):
            members["type"] = "file"
            members["size"] = .int(size)
            switch content {
            case .blob(let digest): members["digest"] = .string(digest.description)
            case .member(let layer, let offset):
                members["layer"] = .string(layer.description)
                members["offset"] = .int(offset)
            }
        }
        if !extendedAttributes.isEmpty {
            members["xattrs"] = .object(extendedAttributes.mapValues { .string(Hexadecimal.encode($0)) })
        }
        return .object(members)
    }

    fileprivate init?(_ json: JSONValue) {
        guard case .object(let members) = json, let path = members["path"]?.text,
            let mode = members["mode"]?.text.flatMap({ UInt16($0, radix: 8) }),
            let uid = members["uid"]?.number.flatMap({ UInt32(exactly: $0) }),
            let gid = members["gid"]?.number.flatMap({ UInt32(exactly: $0) }),
            let modified = members["time"]?.number, let kind = LayerRecipe.Kind(members),
            let attributes = Self.attributes(members["xattrs"])
        else { return nil }
        self.init(
            path: path,
            kind: kind,
            mode: mode,
            uid: uid,
            gid: gid,
            modified: modified,
            extendedAttributes: attributes
        )
    }

    private static func attributes(_ json: JSONValue?) -> [String: [UInt8]]? {
        guard let json else { return [:] }
        guard case .object(let members) = json else { return nil }
        var attributes: [String: [UInt8]] = [:]
        for (name, value) in members {
            guard let bytes = value.text.flatMap({ Hexadecimal.decode($0.utf8) }) else { return nil }
            attributes[name] = bytes
        }
        return attributes
    }
}

extension LayerRecipe.Kind {
    fileprivate init?(_ members: [String: JSONValue]) {
        switch members["type"]?.text {
        case "directory": self = .directory
        case "fifo": self = .pipe
        case "symlink":
            guard let target = members["target"]?.text else { return nil }
            self = .symbolicLink(target: target)
        case "block", "character":
            let numbers = members["device"]?.text?.split(separator: ":", omittingEmptySubsequences: false) ?? []
            guard numbers.count == 2, let major = UInt32(numbers[0]), let minor = UInt32(numbers[1]) else { return nil }
            self = .device(isBlock: members["type"] == "block", major: major, minor: minor)
        case "file":
            guard let size = members["size"]?.number, size >= 0, let content = LayerRecipe.Content(members) else {
                return nil
            }
            self = .file(content, size: size)
        default: return nil
        }
    }
}

extension LayerRecipe.Content {
    fileprivate init?(_ members: [String: JSONValue]) {
        if let digest = members["digest"]?.digest {
            self = .blob(digest)
        } else if let layer = members["layer"]?.digest, let offset = members["offset"]?.number, offset >= 0 {
            self = .member(layer: layer, offset: offset)
        } else {
            return nil
        }
    }
}

extension JSONValue {
    fileprivate var text: String? { if case .string(let text) = self { text } else { nil } }
    fileprivate var number: Int64? { if case .int(let number) = self { number } else { nil } }
    fileprivate var digest: Digest? { text.flatMap { try? Digest(parsing: $0) } }
}
