import ContentAddress
import FoundationEssentials

extension EndpointProbe {
    private static let limit = 1 << 20

    func readAfterWrite() throws(ObjectStorageError) -> Outcome {
        for number in 0..<Self.repetitions {
            let key = key("written-\(number)")
            for text in ["the first bytes \(number)", "other bytes \(number)"] {
                try client.put(key, Array(text.utf8))
                guard try client.get(key, limit: Self.limit) == Array(text.utf8) else {
                    return (.no, "an object was read as it was before it was written")
                }
            }
            try client.delete(key)
            guard try isMissing(key) else { return (.no, "an object was read after it was deleted") }
            // What is gone already is a success, too.
            try client.delete(key)
        }
        return (.yes, "new, overwritten and deleted objects are seen at once")
    }

    func checksums() throws(ObjectStorageError) -> Outcome {
        let wrong = Digest.of("something else")
        let isTaken = try !isRefused { () throws(ObjectStorageError) in
            try put("damaged", Array("bytes that were damaged on the way".utf8), checksum: wrong)
        }
        if isTaken { return (.no, "bytes are taken that aren't those of their x-amz-checksum-sha256") }
        guard try isMissing(key("damaged")) else { return (.no, "bytes that were refused are there all the same") }
        return (.yes, "bytes that aren't those of their checksum are refused")
    }

    func signedBodies() throws(ObjectStorageError) -> Outcome {
        let key = key("unsigned")
        let isTaken = try !isRefused { () throws(ObjectStorageError) in
            let bytes = Array("bytes that nobody signed".utf8)
            try client.put(key, bytes, announcedDigest: Digest.of("what was signed").hex)
        }
        return isTaken
            ? (.no, "bytes are taken that aren't those of the signature")
            : (.yes, "bytes that aren't those of the signature are refused")
    }

    func storedChecksums() throws(ObjectStorageError) -> Outcome {
        let bytes = Array("bytes with a checksum".utf8)
        try put("checksum", bytes)
        let status = try client.head(key("checksum"))
        guard status.size == bytes.count else { return (.no, "an object's size is said to be \(status.size)") }
        guard let digest = status.digest else { return (.no, "no checksum is kept") }
        guard digest == Digest.of(bytes) else { return (.no, "a HEAD says another SHA-256") }
        return try repeatsClaims()
            ? (.no, "a HEAD repeats what was claimed, whatever the bytes are") : (.yes, "a HEAD says the SHA-256")
    }

    private func repeatsClaims() throws(ObjectStorageError) -> Bool {
        let wrong = Digest.of("something else")
        do {
            try put("claimed", Array("bytes that were damaged on the way".utf8), checksum: wrong)
            return try client.head(key("claimed")).digest == wrong
        } catch {
            switch error {
            case .damaged, .refused: return false
            default: throw error
            }
        }
    }

    func ranges() throws(ObjectStorageError) -> Outcome {
        let bytes = (0..<1000).map { UInt8(truncatingIfNeeded: $0 * 7) }
        try put("ranges", bytes)
        for range in [0...0, 10...509, 990...1999] as [ClosedRange<Int64>] {
            let wanted = Array(bytes[Int(range.lowerBound)..<min(Int(range.upperBound) + 1, bytes.count)])
            guard try client.get(key("ranges"), range: range, limit: Self.limit) == wanted else {
                return (.no, "bytes \(range.lowerBound) to \(range.upperBound) aren't those of the object")
            }
        }
        return (.yes, "parts of an object can be read")
    }

    func list() throws(ObjectStorageError) -> Outcome {
        let names = (1...5).map { "listed/\($0)" }
        for name in names { try put(name, Array(name.utf8)) }
        var found: [String] = []
        try client.list(root + "listed/", page: 2) { found.append($0) }
        return found.sorted() == names.map { key($0) }
            ? (.yes, "a list in pages has all objects")
            : (.no, "a list in pages has \(found.count) of \(names.count) objects")
    }

    func presignedGet() throws(ObjectStorageError) -> Outcome {
        let bytes = Array("bytes for whoever has the address".utf8)
        try put("presigned", bytes)
        let url = try client.presignedURL(key("presigned"), seconds: 60)
        guard try client.open(url, key("presigned")) == bytes else { return (.no, "other bytes came") }
        let other = try client.presignedURL(key("first"), seconds: 60)
        // The signature of another object, in the same place.
        let signature = other.absoluteString.suffix(64)
        guard let forged = URL(string: "\(url.absoluteString.dropLast(64))\(signature)"),
            try isRefused({ () throws(ObjectStorageError) in _ = try client.open(forged, key("presigned")) })
        else { return (.no, "an address with a wrong signature is served") }
        return (.yes, "addresses that end with their time can be given away")
    }

    func authentication() throws(ObjectStorageError) -> Outcome {
        try put("private", Array("private".utf8))
        return try isRefused { () throws(ObjectStorageError) in _ = try client.open(nil, key("private")) }
            ? (.yes, "whoever doesn't sign is refused") : (.no, "objects are served to anybody")
    }

    func lifecycle() throws(ObjectStorageError) -> Outcome {
        let threats = try client.lifecycle().filter { $0.threatens(client.location.prefix) }
        guard let first = threats.first else { return (.yes, "no rule takes objects away") }
        let name = first.name.isEmpty ? "a rule" : "the rule '\(first.name)'"
        return (
            .no, "\(name) \(first.deletes ? "deletes" : "archives") objects below '\(first.prefix)' after some time"
        )
    }

    func versions() throws(ObjectStorageError) -> Outcome {
        try client.keepsVersions()
            ? (.no, "what is deleted is kept as an older version, and paid for: add a rule that ends older versions")
            : (.yes, "what is deleted takes no more room")
    }

    /// Whether an object isn't there.
    func isMissing(_ key: String) throws(ObjectStorageError) -> Bool {
        do {
            _ = try client.get(key, limit: Self.limit)
            return false
        } catch .notFound {
            return true
        }
    }

    /// Whether a request is answered by a refusal that is meant: of what it says, or of who asks.
    func isRefused(_ body: () throws(ObjectStorageError) -> Void) throws(ObjectStorageError) -> Bool {
        do {
            try body()
            return false
        } catch {
            switch error {
            case .damaged, .refused, .denied: return true
            default: throw error
            }
        }
    }
}
