/// A reader with a look ahead, for the lines before a body.
final class BufferedReader: BlobReader {
    private let reader: any BlobReader
    private var buffer: [UInt8] = []
    private var position = 0

    init(_ reader: any BlobReader) {
        self.reader = reader
    }

    func read(into output: UnsafeMutableRawBufferPointer) throws(TransportError) -> Int {
        guard position < buffer.count else { return try reader.read(into: output) }
        let count = min(output.count, buffer.count - position)
        output.copyBytes(from: buffer[position..<(position + count)])
        position += count
        return count
    }

    /// The next line without its end; nil when the bytes end before, or it is longer than the limit.
    func line(limit: Int) throws(TransportError) -> String? {
        var line: [UInt8] = []
        while line.count <= limit {
            if position == buffer.count {
                buffer = try readPiece()
                position = 0
                if buffer.isEmpty { return nil }
            }
            let byte = buffer[position]
            position += 1
            if byte == UInt8(ascii: "\n") {
                if line.last == UInt8(ascii: "\r") { line.removeLast() }
                return String(decoding: line, as: UTF8.self)
            }
            line.append(byte)
        }
        return nil
    }

    private func readPiece() throws(TransportError) -> [UInt8] {
        let piece = UnsafeMutableRawBufferPointer.allocate(byteCount: 4096, alignment: 16)
        defer { piece.deallocate() }
        let count = try reader.read(into: piece)
        return Array(piece[..<count])
    }
}
