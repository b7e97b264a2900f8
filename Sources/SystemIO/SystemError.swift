public import Glibc
internal import Printable

/// A system call that failed: which, on what, and why.
public struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The call's name, as in the manual.
    public let call: String
    /// The path the call was about.
    public let path: String
    /// The error number, `ENOSPC` for example.
    public let code: CInt
    /// What was wanted, when the message is better for it: "60 MB more" for a write.
    public let detail: String?

    /// An error of a call on a path.
    public init(call: String, path: String, code: CInt = errno, detail: String? = nil) {
        self.call = call
        self.path = path
        self.code = code
        self.detail = detail
    }

    /// The system's own words for the error number, "No space left on device".
    public var reason: String {
        // strerror_r: strerror shares one buffer between threads.
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, strerror_r(code, start, buffer.count) == 0 else {
                return "error \(code)"
            }
            return String(cString: start)
        }
    }

    /// One line for a person: `cannot open dist/tool: Permission denied`.
    public var description: String {
        "cannot \(call) \(printable(path)): \(reason)" + (detail.map { " (\($0))" } ?? "")
    }

    /// True when there is no such file or folder.
    public var isNotFound: Bool { code == ENOENT || code == ENOTDIR }

    /// True when something of that name is there already.
    public var isAlreadyThere: Bool { code == EEXIST }
}
