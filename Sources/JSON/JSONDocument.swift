/// A JSON document from outside (RFC 8259): one strict scan of its bytes, and a value that shows them.
///
/// The scan accepts one value with nothing behind it, whose nesting and size are bounded and whose numbers are finite.
/// What a lenient reader repairs without a word, or what readers resolve in different ways, doesn't end it: repeated
/// members, text that is not UTF-8 and a byte order mark are ``irregularities``, and the caller decides about them.
///
/// Nothing is decoded before it is asked for, so that a document costs little more than its bytes. Members keep their
/// order.
package struct JSONDocument: Sendable {
    /// Bounds on what is read.
    package struct Limits: Sendable {
        /// The most bytes of a document, at most 1 GiB.
        package var size = 4 << 20
        /// The most lists and objects around a value.
        package var depth = 128

        /// Bounds; the depth also bounds the recursion of whoever walks the document.
        package init(size: Int = 4 << 20, depth: Int = 128) {
            self.size = min(size, 1 << 30)
            self.depth = depth
        }
    }

    let storage: Storage
    /// What readers repair or resolve in different ways, in the order of the bytes; the list is cut at 64 of a kind.
    package let irregularities: [JSONIrregularity]

    /// Scans a document.
    ///
    /// Throws where the bytes stop being JSON, and for what is beyond the limits.
    package init(_ bytes: [UInt8], limits: Limits = Limits()) throws(JSONError) {
        guard bytes.count <= limits.size else {
            throw JSONError(bytes, at: 0, path: "", "it has \(bytes.count) bytes; at most \(limits.size) are read")
        }
        // `withUnsafeBufferPointer` rethrows no typed error.
        let scan = bytes.withUnsafeBufferPointer { buffer -> Result<JSONScanner, JSONScanner.Failure> in
            var scanner = JSONScanner(buffer, depth: limits.depth)
            do throws(JSONScanner.Failure) {
                try scanner.scan()
                return .success(scanner)
            } catch {
                return .failure(error)
            }
        }
        switch scan {
        case .success(let scanner):
            let storage = Storage(bytes: bytes, nodes: scanner.nodes)
            self.storage = storage
            irregularities = scanner.marks.map { mark in
                JSONIrregularity(mark.kind, at: Int(mark.offset), path: storage.path(to: mark.node))
            }
        case .failure(let failure):
            throw JSONError(bytes, at: failure.offset, path: failure.path, failure.reason)
        }
    }

    /// The document's value.
    package var value: JSONValueView { JSONValueView(storage, 0) }

    /// The bytes as they came.
    package var bytes: [UInt8] { storage.bytes }

    /// Line and column, each from 1, of an offset into the bytes; columns count bytes.
    package func place(of offset: Int) -> (line: Int, column: Int) {
        JSONError.place(of: offset, in: storage.bytes)
    }

    /// The bytes, and where each value stands in them.
    final class Storage: Sendable {
        let bytes: [UInt8]
        let nodes: [JSONNode]

        init(bytes: [UInt8], nodes: [JSONNode]) {
            self.bytes = bytes
            self.nodes = nodes
        }
    }
}
