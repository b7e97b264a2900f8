import ContentAddress

extension RunExecution {
    /// The command `mkdir [-p] [-v] [-m MODE] DIRECTORY…`.
    mutating func makeDirectories(_ arguments: [String]) throws(RunRefusal) {
        let arguments = try RunArguments(
            arguments,
            of: "mkdir",
            flags: "pv",
            values: "m",
            long: ["parents": "p", "verbose": "v", "mode": "m"]
        )
        let mode = try arguments.values["m"].map { text throws(RunRefusal) in try Self.mode(text, "mkdir") }
        guard !arguments.operands.isEmpty else { throw .fails("mkdir", reason: "it names no directory") }
        for path in arguments.operands {
            try makeDirectory(path, "mkdir", mode: mode, withParents: arguments.flags.contains("p"))
        }
    }

    /// Makes a directory; returns its place.
    @discardableResult
    mutating func makeDirectory(
        _ path: String,
        _ command: String,
        mode: UInt16?,
        withParents: Bool
    ) throws(RunRefusal) -> String {
        if withParents {
            // Each directory that is missing on the way, as it is found.
            let absolute = path.hasPrefix("/") ? path : StageTree.join(directory, path)
            var way = ""
            for component in StageTree.components(absolute).dropLast() {
                way += "/" + component
                let place = try followed(way, command)
                try checkLeadsSomewhere(way, to: place, command)
                if let node = tree[place] {
                    guard node.isDirectory else { throw .fails(command, reason: "'/\(place)' is not a directory") }
                } else {
                    tree[place] = made(.directory, mode: 0o755, at: place)
                }
            }
        }
        let place = withParents ? try followed(path, command) : try self.place(path, command)
        if withParents { try checkLeadsSomewhere(path, to: place, command) }
        if let node = tree[place] {
            guard withParents, node.isDirectory else { throw .fails(command, reason: "'/\(place)' is there already") }
            return place
        }
        if mode != nil, let parent = tree[StageTree.parent(of: place)], parent.mode & 0o2000 != 0 {
            throw .form(
                command,
                reason: "a mode in a directory with the set-group-id bit differs from program to program"
            )
        }
        tree[place] = made(.directory, mode: mode ?? 0o755, at: place)
        return place
    }

    // A directory isn't made where a link leads to nothing.
    private func checkLeadsSomewhere(_ path: String, to place: String, _ command: String) throws(RunRefusal) {
        guard tree[place] == nil else { return }
        var bare = path[...]
        while bare.utf8.count > 1, bare.utf8.last == UInt8(ascii: "/") { bare = bare.dropLast() }
        if case .link? = tree[try self.place(String(bare), command)]?.kind {
            throw .fails(command, reason: "'/\(place)', where '\(path.prefix(256))' leads, isn't there")
        }
    }

    /// The command `chmod [-R] [-v] [-f] MODE FILE…`.
    mutating func changeModes(_ arguments: [String], _ program: Program) throws(RunRefusal) {
        // A mode may begin with a minus; options that are letters of a mode aren't taken.
        let isMode = { (text: String) in
            text.hasPrefix("-") && text.dropFirst().first.map { "rwxXst".contains($0) } == true
                && text.dropFirst().allSatisfy { "rwxXstugoa,+-=".contains($0) }
        }
        var rest = try RunArguments(
            arguments.filter { !isMode($0) },
            of: "chmod",
            flags: "Rvcf",
            long: ["recursive": "R", "verbose": "v", "changes": "c", "silent": "f", "quiet": "f"]
        )
        let modes = arguments.filter(isMode)
        guard modes.count <= 1, rest.operands.count + modes.count > 1 else {
            throw .form(
                "chmod",
                reason: "write chmod [-R] MODE FILE…, with an octal mode or changes such as a+x or go-w"
            )
        }
        let text = modes.first ?? rest.takeOperand()
        guard Self.isPlainMode(text), let change = ModeChange(text, umask: Self.umask) else {
            throw .form(
                "chmod",
                reason: "the mode '\(text.prefix(64))' isn't octal or changes such as +x, u=rwX or go-w"
            )
        }
        let isOctal = text.utf8.allSatisfy { (0x30...0x37).contains($0) }
        for path in rest.operands {
            for place in try targets(path, "chmod", isRecursive: rest.flags.contains("R")) {
                if case .link? = tree[place]?.kind { continue }
                if let node = tree[place], node.isDirectory, node.mode & 0o6000 != 0, isOctal || text.contains("=") {
                    throw .form("chmod", reason: "'/\(place)' has set-id bits, which programs keep or drop")
                }
                try self.change(place, "chmod") { $0.mode = change.apply(to: $0.mode, isDirectory: $0.isDirectory) }
            }
        }
    }

    // What engines start programs with.
    private static let umask: UInt16 = 0o022

    // Programs differ in `=` and `-w` without letters before it, where the umask counts, and in who the sticky bit
    // belongs to.
    private static func isPlainMode(_ text: String) -> Bool {
        text.split(separator: ",", omittingEmptySubsequences: false).allSatisfy { part in
            let letters = part.prefix { "ugoa".contains($0) }
            let change = part.dropFirst(letters.count)
            if letters.isEmpty, part.allSatisfy(\.isNumber) { return true }
            if change.contains("t"), !letters.isEmpty, letters != "a" { return false }
            guard letters.isEmpty else { return true }
            return change.first == "+" && change.dropFirst().allSatisfy { "rwxXst".contains($0) }
                || change.first == "-" && change.dropFirst().allSatisfy { "rxX".contains($0) }
        }
    }

    /// What a path means, and with `-R` all that is below; links at the start of a walk are refused.
    private func targets(_ path: String, _ command: String, isRecursive: Bool) throws(RunRefusal) -> [String] {
        guard isRecursive else { return [try followed(path, command)] }
        let place = try place(path, command)
        if case .link? = tree[place]?.kind { throw .form(command, reason: "-R of a link, '/\(place)'") }
        guard tree[place] != nil else { throw .fails(command, reason: "there is no '/\(place)'") }
        try checkWhollyOwn(place, command)
        return all(below: place)
    }

    /// The commands `chown [-R] [-h] [-v] OWNER[:GROUP] FILE…` and `chgrp [-R] [-h] [-v] GROUP FILE…`.
    mutating func changeOwners(
        _ arguments: [String],
        groupOnly: Bool,
        _ program: Program
    ) throws(RunRefusal) {
        let command = groupOnly ? "chgrp" : "chown"
        let arguments = try RunArguments(
            arguments,
            of: command,
            flags: "Rvhcf",
            long: [
                "recursive": "R", "verbose": "v", "no-dereference": "h", "changes": "c", "silent": "f", "quiet": "f",
            ]
        )
        guard arguments.operands.count > 1 else { throw .fails(command, reason: "an owner and a file are needed") }
        let text = arguments.operands[0]
        guard !groupOnly || program != .busybox || !text.contains(".") else {
            throw .fails(command, reason: "busybox takes the dot in '\(text.prefix(64))' for the end of a user's name")
        }
        let owner =
            groupOnly ? (uid: nil, gid: try group(text, command)) : try owner(text, command, program)
        // The kernel takes -1 for "as it is".
        guard owner.uid != .max, owner.gid != .max else {
            throw .form(command, reason: "the number 4294967295 is nobody's")
        }
        guard owner.uid != nil || owner.gid != nil else {
            throw .form(command, reason: "'\(arguments.operands[0].prefix(64))' names nobody")
        }
        let isRecursive = arguments.flags.contains("R")
        for path in arguments.operands.dropFirst() {
            let places =
                arguments.flags.contains("h") && !isRecursive
                ? [try place(path, command)] : try targets(path, command, isRecursive: isRecursive)
            // Busybox looks at the link itself for the number that isn't given.
            var former: Owner?
            if program == .busybox, !isRecursive, let node = tree[try place(path, command)], case .link = node.kind {
                former = node.owner
            }
            for place in places {
                try change(place, command) { node in
                    let old = former ?? node.owner
                    node.owner = Owner(uid: owner.uid ?? old.uid, gid: owner.gid ?? old.gid)
                    // The kernel takes these from a file whose owner is set.
                    guard case .file = node.kind else { return }
                    node.mode &= node.mode & 0o010 != 0 ? ~0o6000 : ~0o4000
                    node.extendedAttributes["security.capability"] = nil
                }
            }
        }
    }

    /// The command `ln -s [-f] [-n] [-r] TARGET LINK`, `ln -s TARGET… DIRECTORY`.
    mutating func link(_ arguments: [String], _ program: Program) throws(RunRefusal) {
        let arguments = try RunArguments(
            arguments,
            of: "ln",
            flags: "sfnvrT",
            long: [
                "symbolic": "s", "force": "f", "no-dereference": "n", "verbose": "v", "relative": "r",
                "no-target-directory": "T",
            ]
        )
        guard arguments.flags.contains("s") else { throw .form("ln", reason: "only symbolic links are made: ln -s") }
        let isRelative = arguments.flags.contains("r")
        guard !isRelative || program == .own else { throw .form("ln", reason: "busybox has no -r everywhere") }
        guard arguments.operands.count > 1, let last = arguments.operands.last else {
            throw .form("ln", reason: "write the link's name, too: ln -s TARGET LINK")
        }
        let destination = try place(last, "ln")
        let isInside =
            (try? followed(last, "ln")).flatMap { tree[$0] }?.isDirectory == true
            && !(arguments.flags.contains("n") && tree[destination]?.isDirectory == false)
            && !arguments.flags.contains("T")
        guard isInside || arguments.operands.count == 2 else {
            throw .fails("ln", reason: "'/\(destination)' is not a directory")
        }
        var made: Set<String> = []
        for target in arguments.operands.dropLast() {
            guard !target.isEmpty else { throw .fails("ln", reason: "a target is empty") }
            let name = StageTree.components(target).last.map(String.init) ?? ""
            if isInside, ["", ".", ".."].contains(name) {
                throw .form("ln", reason: "'\(target)' gives a link no name")
            }
            let place = isInside ? StageTree.join(try followed(last, "ln"), name) : destination
            if let node = tree[place] {
                guard arguments.flags.contains("f"), !node.isDirectory else {
                    throw .fails("ln", reason: "'/\(place)' is there already")
                }
                try remove(place, "ln")
            }
            guard made.insert(place).inserted else { throw Self.written(twice: place, "ln") }
            let written = isRelative ? try relativePath(to: target, from: StageTree.parent(of: place)) : target
            tree[place] = self.made(.link(written), mode: 0o777, at: place)
        }
    }

    // As realpath gives it: links are followed, and what isn't there stays as it is written.
    private func relativePath(to target: String, from directory: String) throws(RunRefusal) -> String {
        let end: String
        do throws(StageTree.PathProblem) {
            end = try tree.resolve(target.hasPrefix("/") ? target : StageTree.join(self.directory, target))
        } catch {
            throw .fails("ln", reason: error.text)
        }
        let (here, there) = (StageTree.components(directory), StageTree.components(end))
        let shared = zip(here, there).prefix { $0 == $1 }.count
        let way = Array(repeating: "..", count: here.count - shared) + there.dropFirst(shared).map(String.init)
        return way.isEmpty ? "." : way.joined(separator: "/")
    }

    /// The command `touch FILE…`.
    mutating func touch(_ arguments: [String]) throws(RunRefusal) {
        let epoch = epoch
        let arguments = try RunArguments(arguments, of: "touch", flags: "amc", long: ["no-create": "c"])
        guard !arguments.operands.isEmpty else { throw .fails("touch", reason: "it names no file") }
        for path in arguments.operands {
            let place = try followed(path, "touch")
            if tree[place] == nil {
                if arguments.flags.contains("c") { continue }
                tree[place] = made(.file(.text(.of([UInt8]()), [])), mode: 0o644, at: place)
            } else {
                try change(place, "touch") { $0.modified = epoch }
            }
        }
    }

    /// The command `rm [-r] [-f] FILE…`.
    mutating func remove(_ arguments: [String]) throws(RunRefusal) {
        let arguments = try RunArguments(
            arguments,
            of: "rm",
            flags: "rRfv",
            long: ["recursive": "r", "force": "f", "verbose": "v"]
        )
        let isForced = arguments.flags.contains("f")
        guard isForced || !arguments.operands.isEmpty else { throw .fails("rm", reason: "it names no file") }
        for path in arguments.operands {
            if isForced, isMissing(path) { continue }
            try checkNoLink(path, "rm")
            let place = try place(path, "rm")
            let name = StageTree.components(path).last ?? ""
            guard !place.isEmpty, name != ".", name != ".." else {
                throw .fails("rm", reason: "'\(path)' can't be removed")
            }
            guard let node = tree[place] else {
                if isForced { continue }
                throw .fails("rm", reason: "there is no '/\(place)'")
            }
            if node.isDirectory, arguments.flags.isDisjoint(with: ["r", "R"]) {
                throw .fails("rm", reason: "'/\(place)' is a directory")
            }
            try checkWhollyOwn(place, "rm")
            try remove(place, "rm")
        }
    }

    // By its directory alone: a link is removed itself, wherever it leads.
    private func isMissing(_ path: String) -> Bool {
        let components = StageTree.components(path.hasPrefix("/") ? path : StageTree.join(directory, path))
        guard let name = components.last, name != ".", name != "..",
            let parent = try? tree.resolve(components.dropLast().joined(separator: "/"))
        else { return false }
        return tree[parent] == nil
    }

    /// The command `rmdir DIRECTORY…`.
    mutating func removeDirectories(_ arguments: [String]) throws(RunRefusal) {
        for path in try RunArguments(arguments, of: "rmdir", flags: "").operands {
            try checkNoLink(path, "rmdir")
            let place = try place(path, "rmdir")
            try checkWhollyOwn(place, "rmdir")
            guard tree[place]?.isDirectory == true, tree.children(of: place).isEmpty, !place.isEmpty else {
                throw .fails("rmdir", reason: "'/\(place)' is not an empty directory")
            }
            try remove(place, "rmdir")
        }
    }

    /// A mode as a new directory gets it: octal, or changes to 0777.
    static func mode(_ text: String, _ command: String) throws(RunRefusal) -> UInt16 {
        if text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) { return try octal(text, command) }
        guard text.split(separator: ",").allSatisfy({ $0.first.map { "ugoa".contains($0) } ?? false }),
            !text.contains("t"),
            !text.contains("s"), let change = ModeChange(text)
        else {
            throw .form(command, reason: "the mode '\(text.prefix(64))' isn't octal or changes such as u=rwx,go=rx")
        }
        return change.apply(to: 0o777, isDirectory: true)
    }

    /// An octal mode.
    static func octal(_ text: String, _ command: String) throws(RunRefusal) -> UInt16 {
        guard let mode = RunArguments.number(text, radix: 8), mode <= 0o7777 else {
            throw .form(command, reason: "the mode '\(text.prefix(64))' is not octal")
        }
        return UInt16(mode)
    }
}
