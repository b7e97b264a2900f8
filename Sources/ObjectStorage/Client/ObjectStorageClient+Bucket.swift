import HTTP
import NIOHTTP1

extension ObjectStorageClient {
    /// Hands out the keys that begin with a text, below the location's prefix, in pages of at most so many.
    ///
    /// For verification alone: whether something is there is the index's answer.
    func list(_ start: String, page: Int = 1000, _ body: (String) -> Void) throws(ObjectStorageError) {
        var next: String?
        repeat {
            var request = ObjectRequest(what: "list of objects", method: .GET, key: nil)
            request.query = [
                (name: "list-type", value: "2"), (name: "max-keys", value: "\(page)"),
                (name: "prefix", value: location.prefix + start),
            ]
            if let next { request.query.append((name: "continuation-token", value: next)) }
            let answer = try document(try perform(request), request, "ListBucketResult")
            for object in answer.children("Contents") {
                guard let key = object.text("Key"), key.hasPrefix(location.prefix + start) else {
                    throw malformed(request, "a key is none that was asked for")
                }
                body(String(key.dropFirst(location.prefix.count)))
            }
            let last = next
            next = answer.text("IsTruncated") == "true" ? answer.text("NextContinuationToken") : nil
            guard next == nil || next != last else { throw malformed(request, "its pages have no end") }
        } while next != nil
    }

    /// The rules by which the endpoint removes objects by itself.
    func lifecycle() throws(ObjectStorageError) -> [LifecycleRule] {
        var request = ObjectRequest(what: "lifecycle rules", method: .GET, key: nil)
        request.query = [(name: "lifecycle", value: "")]
        do {
            return try document(try perform(request), request, "LifecycleConfiguration").children("Rule")
                .map { LifecycleRule($0) }
        } catch .notFound {
            return []
        }
    }

    /// Whether what is overwritten or deleted is kept as an older version.
    func keepsVersions() throws(ObjectStorageError) -> Bool {
        var request = ObjectRequest(what: "versioning", method: .GET, key: nil)
        request.query = [(name: "versioning", value: "")]
        return try document(try perform(request), request, "VersioningConfiguration").text("Status") == "Enabled"
    }
}
