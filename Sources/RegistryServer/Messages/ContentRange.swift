import NIOHTTP1

/// The part of a blob that a request brings (OCI distribution specification 1.1, "Pushing a blob in chunks").
struct ContentRange: Equatable {
    let first: Int64
    let last: Int64

    /// How many bytes it has.
    var count: Int64 { last - first + 1 }

    /// Reads the field `Content-Range`, as in `0-1023`; nil where there is none.
    ///
    /// Throws for one that is malformed, and where the length of the content is another.
    init?(_ headers: HTTPHeaders) throws(RegistryProblem) {
        let fields = headers["Content-Range"]
        guard let field = fields.first else { return nil }
        let ends = field.split(separator: "-", omittingEmptySubsequences: false)
        guard fields.count == 1, ends.count == 2,
            ends.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }),
            let first = Int64(ends[0]), let last = Int64(ends[1]), first <= last, last < .max
        else { throw .malformedRange }
        (self.first, self.last) = (first, last)
        if let length = headers.first(name: "Content-Length").flatMap({ Int64($0) }), length != count {
            throw .size(count, length)
        }
    }
}
