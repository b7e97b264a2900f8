import CCrypt
import ContentAddress
import Glibc
import Synchronization
import SystemIO

/// The users of a file that `htpasswd -B` writes: a name, a colon and a bcrypt hash on each line.
///
/// The file is read again when it has changed. All calls block; a password that isn't known yet takes a tenth of a second.
package final class Htpasswd: Sendable {
    private struct State {
        var status: FileStatus?
        var users: [String: String] = [:]
        /// Passwords that were right, by a keyed hash: bcrypt is slow on purpose, and clients send theirs with each request.
        var known: Set<Digest> = []
    }

    private let path: String
    private let state = Mutex(State())
    private let key: [UInt8]
    private let checks = Mutex(0)

    private static let largestSize = 1 << 20
    private static let most = 10_000
    /// Passwords that are compared at one time.
    private static let mostChecks = 2
    /// bcrypt reads no more of a password.
    private static let longestPassword = 72

    /// Reads the file.
    ///
    /// Throws ``ServerError/passwords(_:reason:)`` for one that isn't there, or has another hash.
    package init(_ path: String) throws(ServerError) {
        self.path = path
        var generator = SystemRandomNumberGenerator()
        key = (0..<32).map { _ in UInt8.random(in: 0...255, using: &generator) }
        _ = try users()
    }

    /// Whether a user has this password.
    ///
    /// Throws ``ServerError/busy`` when as many are compared as may be at one time.
    func isRight(_ password: [UInt8], of user: String) throws(ServerError) -> Bool {
        let users = try users()
        // A user that isn't there takes as long as one who is.
        let hash = users[user] ?? Self.nobody
        guard password.count <= Self.longestPassword, !password.contains(0) else { return false }
        let proof = Digest.of(key + Array(hash.utf8) + [0] + Array(user.utf8) + [0] + password)
        if state.withLock({ $0.known.contains(proof) }) { return true }
        // Each takes a processor for a while, and whoever guesses mustn't take them all.
        guard checks.withLock({ Self.begin(&$0) }) else { throw .busy }
        defer { checks.withLock { $0 -= 1 } }
        guard Self.crypt(password, hash) == hash, users[user] != nil else { return false }
        state.withLock { state in
            if state.known.count >= Self.most { state.known.removeAll() }
            state.known.insert(proof)
        }
        return true
    }

    private static func begin(_ count: inout Int) -> Bool {
        guard count < mostChecks else { return false }
        count += 1
        return true
    }

    private static let nobody = "$2y$10$" + String(repeating: ".", count: 53)

    private func users() throws(ServerError) -> [String: String] {
        do {
            let status = try FileStatus.of(path)
            if let users = state.withLock({ $0.status == status ? $0.users : nil }) { return users }
            let bytes = try File.open(path).readBytes(limit: Self.largestSize)
            let users = try Self.parse(String(decoding: bytes, as: UTF8.self), path)
            state.withLock { $0 = State(status: status, users: users) }
            return users
        } catch let error as ServerError {
            throw error
        } catch {
            throw .passwords(path, reason: "\(error)")
        }
    }

    private static func parse(_ text: String, _ path: String) throws(ServerError) -> [String: String] {
        var users: [String: String] = [:]
        for (number, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            let line = line.last == "\r" ? line.dropLast() : line
            guard !line.isEmpty, !line.hasPrefix("#") else { continue }
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let isBcrypt = parts.count == 2 && ["$2y$", "$2b$", "$2a$"].contains { parts[1].hasPrefix($0) }
            guard isBcrypt, !parts[0].isEmpty, parts[1].utf8.count == 60 else {
                throw .passwords(
                    path,
                    reason: "line \(number + 1) isn't a name, a colon and a bcrypt hash (htpasswd -B)"
                )
            }
            users[String(parts[0])] = String(parts[1])
        }
        return users
    }

    private static func crypt(_ password: [UInt8], _ hash: String) -> String? {
        let data = UnsafeMutableRawBufferPointer.allocate(byteCount: MemoryLayout<crypt_data>.size, alignment: 16)
        data.initializeMemory(as: UInt8.self, repeating: 0)
        defer { data.deallocate() }
        let phrase = password.map { CChar(bitPattern: $0) } + [0]
        guard let result = crypt_rn(phrase, hash, data.baseAddress, CInt(data.count)) else { return nil }
        return String(cString: result)
    }
}
