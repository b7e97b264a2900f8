import Glibc
import Printable

/// A system call that failed: which, on what, and why.
package struct SystemError: Error, Equatable, CustomStringConvertible {
    /// The call's name, as in the manual.
    package let call: String
    /// The path the call was about.
    package let path: String
    /// The error number, `ENOSPC` for example.
    package let code: CInt
    /// What was wanted, when the message is better for it: "60 MB more" for a write.
    package let detail: String?

    /// An error of a call on a path.
    package init(call: String, path: String, code: CInt = errno, detail: String? = nil) {
        self.call = call
        self.path = path
        self.code = code
        self.detail = detail
    }

    /// The system's own words for the error number, "No space left on device".
    package var reason: String {
        // strerror_r: strerror shares one buffer between threads.
        withUnsafeTemporaryAllocation(of: CChar.self, capacity: 256) { buffer in
            guard let start = buffer.baseAddress, strerror_r(code, start, buffer.count) == 0 else {
                return "error \(code)"
            }
            return String(cString: start)
        }
    }

    /// One line for a person: `cannot open dist/tool: Permission denied`.
    package var description: String {
        "cannot \(call) \(printable(path)): \(reason)" + (detail.map { " (\($0))" } ?? "")
    }

    /// True when there is no such file or directory.
    package var isNotFound: Bool { code == ENOENT || code == ENOTDIR }

    /// True when something of that name is there already.
    package var isAlreadyThere: Bool { code == EEXIST }
}
