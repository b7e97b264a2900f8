import Synchronization

/// Names the files of write checks: two mounts of one pod may lead to one directory, and so may those of two pods.
final class WriteCheckNames: Sendable {
    private let owner: String
    private let given = Mutex(0)

    /// Names with the pod's UID where the manifest sets POD_UID, else with its name, else with the machine's.
    init(_ environment: (String) -> String?) {
        let name = environment("POD_UID") ?? environment("POD_NAME") ?? OperatingSystem.hostName
        let safe = name.utf8.filter { byte in
            (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
                || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20) || "-.".utf8.contains(byte)
        }
        owner = String(decoding: safe.prefix(100), as: UTF8.self)
    }

    /// Another name at each call, and the same ones in each run, which finds what an earlier one left behind.
    func next() -> String {
        let number = given.withLock { number in
            defer { number += 1 }
            return number
        }
        return WriteCheck.prefix + owner + (number == 0 ? "" : "+\(number)")
    }
}
