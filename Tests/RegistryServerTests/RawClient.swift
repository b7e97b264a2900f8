import Glibc

/// A client that sends what it is told and reads what comes, byte for byte.
final class RawClient {
    struct Failure: Error {
        let reason: String
    }

    struct Response {
        let status: Int
        let fields: [String: String]
        let body: [UInt8]
    }

    private let socket: CInt
    private var bytes: [UInt8] = []

    /// Connects to a port of this machine.
    init(port: Int) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = UInt16(port).bigEndian
        address.sin_addr = in_addr(s_addr: UInt32(0x7F00_0001).bigEndian)
        let status = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                connect(socket, pointer, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard status == 0 else { throw Failure(reason: "nothing listens on port \(port)") }
        // A server that never answers fails the test, and doesn't hold it.
        var patience = timeval(tv_sec: 120, tv_usec: 0)
        setsockopt(socket, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    }

    deinit { close(socket) }

    func send(_ text: String) throws { try send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes {
                Glibc.send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw Failure(reason: "the server takes nothing more") }
            rest = rest.dropFirst(count)
        }
    }

    /// The next answer; `isHead` for one that has no content.
    func response(isHead: Bool = false) throws -> Response {
        let head = try take { bytes in
            for place in bytes.indices.dropLast(3) where bytes[place..<place + 4] == [13, 10, 13, 10] {
                return place + 4
            }
            return nil
        }
        let lines = String(decoding: head, as: UTF8.self).split(separator: "\r\n")
        let words = lines.first?.split(separator: " ") ?? []
        guard words.count > 1, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
            throw Failure(reason: "no status: \(lines)")
        }
        var fields: [String: String] = [:]
        for line in lines.dropFirst() {
            let pair = line.split(separator: ":", maxSplits: 1)
            fields[pair[0].lowercased()] = pair.count > 1 ? String(pair[1].drop { $0 == " " }) : ""
        }
        let length = isHead || status == 304 ? 0 : Int(fields["content-length"] ?? "0") ?? 0
        return Response(status: status, fields: fields, body: try take { $0.count >= length ? length : nil })
    }

    /// Sends what the server may refuse before it has come; the answer, nil where the connection ended without one.
    ///
    /// Throws where the connection goes on.
    func refusal(of text: String) throws -> Response? {
        try? send(text)
        var isOpen = true
        while isOpen { isOpen = try receive() > 0 }
        return bytes.isEmpty ? nil : try response()
    }

    /// What comes until some text has, with it.
    func text(until end: String) throws -> String {
        let wanted = Array(end.utf8)
        let found = try take { bytes in
            guard bytes.count >= wanted.count else { return nil }
            return (wanted.count...bytes.count).first { bytes[($0 - wanted.count)..<$0].elementsEqual(wanted) }
        }
        return String(decoding: found, as: UTF8.self)
    }

    /// Waits until something of an answer is there.
    func waitForBytes() throws {
        if bytes.isEmpty, try receive() == 0 { throw Failure(reason: "the connection ends") }
    }

    /// Whether the server closes the connection, and says nothing more.
    func isClosed() throws -> Bool {
        guard bytes.isEmpty else { return false }
        return try receive() == 0
    }

    private func take(_ length: ([UInt8]) -> Int?) throws -> [UInt8] {
        while true {
            if let count = length(bytes) {
                defer { bytes.removeFirst(count) }
                return Array(bytes[..<count])
            }
            guard try receive() > 0 else { throw Failure(reason: "the connection ends after \(bytes.count) bytes") }
        }
    }

    private func receive() throws -> Int {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var count: Int
        repeat {
            count = buffer.withUnsafeMutableBytes { recv(socket, $0.baseAddress, $0.count, 0) }
        } while count < 0 && errno == EINTR
        // Bytes that the server never read make it a reset.
        if count < 0, errno == ECONNRESET { return 0 }
        guard count >= 0 else { throw Failure(reason: "nothing comes: \(String(cString: strerror(errno)))") }
        bytes += buffer[..<count]
        return count
    }
}
