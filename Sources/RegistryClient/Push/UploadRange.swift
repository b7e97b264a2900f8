import HTTP

/// How far an upload has got, as `Range` says it (OCI distribution specification 1.1, "Pushing a blob in chunks").
enum UploadRange {
    /// The number of bytes that `0-LAST` stands for; nil for another text.
    ///
    /// An upload without bytes is `0-0` to Docker's registry, so that one byte can't be told from none.
    static func count(_ text: String?) -> Int64? {
        guard let text = text?.trimmingBlanks else { return nil }
        let prefix = ["bytes=", "bytes "].first { text.hasPrefix($0) } ?? ""
        let parts = text.dropFirst(prefix.count).split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "0", parts[1].utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let last = Int64(parts[1]), last < .max
        else { return nil }
        return last == 0 ? 0 : last + 1
    }
}
