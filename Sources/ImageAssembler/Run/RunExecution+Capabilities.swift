extension RunExecution {
    /// The names of capabilities, each at its number (capabilities(7)).
    private static let names = [
        "chown", "dac_override", "dac_read_search", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap",
        "linux_immutable", "net_bind_service", "net_broadcast", "net_admin", "net_raw", "ipc_lock", "ipc_owner",
        "sys_module", "sys_rawio", "sys_chroot", "sys_ptrace", "sys_pacct", "sys_admin", "sys_boot", "sys_nice",
        "sys_resource", "sys_time", "sys_tty_config", "mknod", "lease", "audit_write", "audit_control", "setfcap",
        "mac_override", "mac_admin", "syslog", "wake_alarm", "block_suspend", "audit_read", "perfmon", "bpf",
        "checkpoint_restore",
    ]

    /// `setcap cap_net_bind_service=+ep FILE`: one clause of names and flags for each file.
    mutating func setCapabilities(_ arguments: [String]) throws(RunRefusal) {
        let operands = arguments.filter { $0 != "-q" && $0 != "-v" }
        guard !operands.isEmpty, operands.count.isMultiple(of: 2), !operands.contains(where: { $0.hasPrefix("-") }),
            !arguments.contains("-v")
        else { throw .form("setcap", reason: "write setcap NAMES=+ep FILE") }
        for pair in stride(from: 0, to: operands.count, by: 2) {
            let value = try Self.attribute(operands[pair])
            let place = try place(operands[pair + 1], "setcap")
            guard case .file? = tree[place]?.kind else { throw .fails("setcap", reason: "'/\(place)' is not a file") }
            try change(place, "setcap") { $0.extendedAttributes["security.capability"] = value }
        }
    }

    // linux/capability.h, struct vfs_cap_data of the second revision: flags, then permitted and inheritable in two
    // halves.
    private static func attribute(_ text: String) throws(RunRefusal) -> [UInt8] {
        let refusal = RunRefusal.form("setcap", reason: "'\(text.prefix(64))' is not NAMES=+ep")
        guard let sign = text.firstIndex(where: { $0 == "=" || $0 == "+" }) else { throw refusal }
        let flags = text[sign...].drop { $0 == "=" || $0 == "+" }
        guard text[sign...].count - flags.count <= (text[sign] == "=" ? 2 : 1), !flags.isEmpty,
            flags.allSatisfy({ "epi".contains($0) })
        else { throw refusal }
        var bits: UInt64 = 0
        for name in text[..<sign].lowercased().split(separator: ",", omittingEmptySubsequences: false) {
            guard name.hasPrefix("cap_"), let number = names.firstIndex(of: String(name.dropFirst(4))) else {
                throw refusal
            }
            bits |= 1 << UInt64(number)
        }
        let permitted = flags.contains("p") ? bits : 0
        let inheritable = flags.contains("i") ? bits : 0
        let isEffective: UInt32 = flags.contains("e") ? 1 : 0
        let words: [UInt32] = [
            0x0200_0000 | isEffective, UInt32(truncatingIfNeeded: permitted), UInt32(truncatingIfNeeded: inheritable),
            UInt32(truncatingIfNeeded: permitted >> 32), UInt32(truncatingIfNeeded: inheritable >> 32),
        ]
        return words.flatMap { word in (0..<4).map { UInt8(truncatingIfNeeded: word >> ($0 * 8)) } }
    }
}
