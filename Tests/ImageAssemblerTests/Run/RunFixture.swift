import ContentAddress
import Dockerfile
import OCI

@testable import ImageAssembler

/// A stage like Alpine's or Debian's, on which RUN is carried out: files as `PATH MODE UID:GID WHAT`.
struct RunFixture {
    private struct Inputs: BuildInputs {
        func base(_ name: String, for platform: Platform) throws(PlanProblem.Kind) -> BaseImage {
            throw .failed("none")
        }
        func archive(_ content: FileContent, named name: String) -> UnpackedArchive? { nil }
        func bytes(of content: FileContent, limit: Int) throws(PlanProblem.Kind) -> [UInt8] {
            guard case .text(_, let bytes) = content else { throw .failed("not kept") }
            return bytes
        }
    }

    private var run: RunExecution

    /// A day of shadow's: the epoch's.
    static let day = 20_000

    private init(_ files: [String: String], links: [String: String], directories: [String]) throws {
        var tree = StageTree()
        for directory in directories { try tree.makeDirectories(directory, owner: Owner(), modified: 0) }
        for (path, text) in files {
            try tree.makeDirectories(StageTree.parent(of: path), owner: Owner(), modified: 0)
            let bytes = Array(text.utf8)
            let isProgram = path.hasPrefix("bin/") || path.hasPrefix("usr/")
            tree[path] = FileNode(kind: .file(.text(.of(bytes), bytes)), mode: isProgram ? 0o755 : 0o644)
        }
        for (path, target) in links {
            try tree.makeDirectories(StageTree.parent(of: path), owner: Owner(), modified: 0)
            tree[path] = FileNode(kind: .link(target), mode: 0o777)
        }
        _ = tree.takeChanges()
        run = RunExecution(
            tree: tree,
            epoch: Int64(Self.day) * 86_400,
            directory: "",
            searchPath: ["/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"],
            loginShell: nil,
            inputs: Inputs()
        )
    }

    /// Busybox with links for its applets.
    static func alpine() throws -> RunFixture {
        let applets = [
            "mkdir", "chmod", "chown", "chgrp", "cp", "mv", "ln", "touch", "rm", "rmdir", "install", "cat", "sh",
            "tee", "getent", "id",
        ]
        var links = Dictionary(uniqueKeysWithValues: applets.map { ("bin/" + $0, "/bin/busybox") })
        for name in ["adduser", "addgroup"] { links["usr/sbin/" + name] = "/bin/busybox" }
        return try RunFixture(
            [
                "bin/busybox": "busybox\0Linux User,,,\0/sbin/nologin\0",
                "etc/passwd": "root:x:0:0:root:/root:/bin/ash\n",
                "etc/group": "root:x:0:root\nusers:x:100:games\nnogroup:x:65533:\n",
                "etc/shadow": "root:*::0:::::\n",
            ],
            links: links,
            directories: ["home", "tmp", "run"]
        )
    }

    /// Merged directories, dash and Debian's programs.
    static func debian() throws -> RunFixture {
        let programs = [
            "bin/mkdir", "bin/dash", "bin/echo", "bin/chown", "bin/chmod", "bin/ln", "bin/touch", "sbin/useradd",
            "sbin/groupadd", "sbin/setcap",
        ]
        var files = Dictionary(uniqueKeysWithValues: programs.map { ("usr/" + $0, "program") })
        files["usr/sbin/adduser"] = "my $version = \"3.134\";\n"
        files["etc/adduser.conf"] = "# DSHELL=/bin/bash\n"
        files["etc/passwd"] = "root:x:0:0:root:/root:/bin/bash\ndaemon:x:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
        files["etc/group"] = "root:x:0:\ndaemon:x:1:\nusers:x:100:\n"
        files["etc/shadow"] = "root:*:19000:0:99999:7:::\ndaemon:*:19000:0:99999:7:::\n"
        files["etc/gshadow"] = "root:*::\ndaemon:*::\nusers:*::\n"
        files["etc/login.defs"] =
            "# a comment\nUID_MIN\t\t\t 1000\nUID_MAX\t\t\t60000\nUMASK\t\t022\nPASS_MAX_DAYS\t99999\n"
        files["etc/default/useradd"] = "SHELL=/bin/sh\n"
        files["etc/subuid"] = ""
        files["etc/subgid"] = ""
        files["etc/.pwd.lock"] = ""
        files["etc/skel/.profile"] = "profile\n"
        return try RunFixture(
            files,
            links: ["bin": "usr/bin", "sbin": "usr/sbin", "usr/bin/sh": "dash", "usr/sbin/addgroup": "adduser"],
            directories: ["home", "tmp", "run"]
        )
    }

    /// Carries out a line.
    mutating func run(_ text: String, _ variables: [String: String] = [:]) throws {
        run.variables = variables
        run.script = ScriptState()
        run.directory = ""
        try run.start(["/bin/sh", "-c"])
        let line: ShellLine
        do { line = try ShellLine(parsing: text) } catch { throw RunRefusal(error) }
        try run.run(line)
    }

    /// What stands at a path: `0755 0:0 directory`; nil where nothing does.
    func at(_ path: String) -> String? {
        guard let node = run.tree[path] else { return nil }
        let digits = String(node.mode, radix: 8)
        let what =
            switch node.kind {
            case .directory: "directory"
            case .link(let target): "-> " + target
            case .file(.text(_, let bytes)): "file " + String(decoding: bytes, as: UTF8.self)
            default: "other"
            }
        let mode = String(repeating: "0", count: max(0, 4 - digits.count)) + digits
        return "\(mode) \(node.owner.uid):\(node.owner.gid) \(what)"
    }

    /// The last line of a file.
    func lastLine(_ path: String) -> String? {
        guard case .file(.text(_, let bytes))? = run.tree[path]?.kind else { return nil }
        return String(decoding: bytes, as: UTF8.self).split(separator: "\n").last.map(String.init)
    }

    /// The paths that a layer would have.
    mutating func changes() -> [String] { run.tree.takeChanges() }

    /// The extended attributes of a file.
    func attributes(_ path: String) -> [String: [UInt8]] { run.tree[path]?.extendedAttributes ?? [:] }
}
