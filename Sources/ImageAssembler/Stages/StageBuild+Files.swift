import ContentAddress
import Dockerfile
import OCI

extension StageBuild {
    /// `COPY`.
    mutating func copy(_ copy: CopyOperation) throws(PlanProblem.Kind) {
        let source: StageTree?
        var trees = platform.context
        switch platform.dockerfile.origin(copy.from, in: index, platform.contexts) {
        case .context: source = nil
        case .release(let name): (source, trees) = (nil, platform.released[name])
        case .stage(let number):
            guard let stage = earlier[number] else { throw .noStage(copy.from ?? "") }
            source = stage.tree
        case .image(let name): source = StageTree(try platform.inputs.base(name, for: platform.platform).files)
        case nil: throw .noStage(copy.from ?? "")
        }
        try place(
            Placement(
                keyword: "COPY",
                files: copy.files,
                source: source,
                trees: trees,
                owner: copy.owner,
                mode: copy.mode,
                keepsParents: copy.keepsParents,
                isLinked: copy.isLinked,
                excludes: copy.excludes
            )
        )
    }

    /// `ADD`: as `COPY`, but tar archives are unpacked, and addresses refused.
    mutating func add(_ add: AddOperation) throws(PlanProblem.Kind) {
        var archives: [String: UnpackedArchive] = [:]
        for path in add.files.paths {
            let text = try expand(path)
            if SourceKind(text) == .address { throw .fetches(source: text) }
            guard add.unpacks != false, case .path(let place) = SourceKind(text) else { continue }
            let tree = platform.context?.tree(of: text, keepsParents: false) ?? StageTree()
            for match in try found(place, in: tree) {
                guard case .file(let content)? = tree[match]?.kind else { continue }
                archives[match] = try platform.inputs.archive(content, named: match)
            }
        }
        if !archives.isEmpty {
            guard platform.derivation >= BaseDerivation.latest else {
                throw .failed("the first derivation unpacks no archive: leave --derivation out")
            }
            // BuildKit of 2026 gives them that owner, and that of Docker 20.10 leaves them theirs.
            guard try expandOptional(add.owner) == nil else {
                throw .failed(
                    "engines differ in whose the files of an archive are with --chown: leave it out, or take COPY for the "
                        + "files that `bindery put --unpack` makes of the archive"
                )
            }
            state.needsSecondDerivation = true
        }
        try place(
            Placement(
                keyword: "ADD",
                files: add.files,
                source: nil,
                trees: platform.context,
                owner: add.owner,
                mode: add.mode,
                keepsParents: false,
                isLinked: add.isLinked,
                excludes: add.excludes,
                archives: archives
            )
        )
    }

    private struct Placement {
        let keyword: String
        let files: SourcesAndDestination
        /// What the files are taken from; nil for released files.
        let source: StageTree?
        /// The released files.
        let trees: ContextTrees?
        let owner: String?
        let mode: String?
        let keepsParents: Bool
        let isLinked: Bool
        let excludes: [String]
        /// The sources that are unpacked, by their paths.
        var archives: [String: UnpackedArchive] = [:]
    }

    private mutating func place(_ placement: Placement) throws(PlanProblem.Kind) {
        let written = try expand(placement.files.destination)
        let destination = absolute(written)
        var text = placement.keyword + (placement.keepsParents ? " --parents" : "")
        let owner = try expandOptional(placement.owner)
        let mode = try state.scope.mode(placement.mode, in: instruction)
        if let owner { text += " --chown=" + owner }
        if let mode { text += " --chmod=" + mode.text }
        var copy = FileCopy(
            source: placement.source ?? StageTree(),
            owner: try owner.flatMap { text throws(PlanProblem.Kind) in try self.owner(text) },
            mode: mode?.mode,
            excludes: IgnoreList(placement.excludes),
            keepsUnchanged: platform.derivation >= BaseDerivation.latest,
            epoch: platform.epoch
        )
        let sources = try placement.files.paths.map { path throws(PlanProblem.Kind) in
            try expand(path)
        }
        let documents = try placement.files.heredocs.map { heredoc throws(PlanProblem.Kind) in
            (name: heredoc.name, text: try state.scope.expandHeredoc(heredoc, in: instruction))
        }
        // As BuildKit has it, --chmod undoes --link.
        let isLinked = placement.isLinked && mode == nil
        var tree = StageTree()
        // Taken out rather than copied: instructions may have placed tens of thousands of files.
        if !isLinked { swap(&tree, &state.tree) }
        if sources.count + placement.files.heredocs.count > 1, !written.hasSuffix("/"), !placement.keepsParents,
            !isDirectory(destination, tree)
        {
            if !isLinked { swap(&tree, &state.tree) }
            // BuildKit would write one over the other under the one name.
            throw .failed("'\(written)' takes several sources, so it must be a directory: end it with a slash")
        }
        do throws(StageTree.PathProblem) {
            for source in sources {
                text += " " + source
                let trees = placement.trees
                copy.source =
                    placement.source ?? trees?.tree(of: source, keepsParents: placement.keepsParents) ?? StageTree()
                try Self.copy(source, copy, placement, to: destination, in: &tree)
            }
            for (name, document) in documents {
                text += " <<" + name
                copy = copying(document, named: name, as: copy)
                try copy.copy(name, named: name, to: destination, in: &tree)
            }
        } catch {
            // What follows is looked at, too.
            if !isLinked { swap(&tree, &state.tree) }
            if case .disputed = error { throw .ambiguousSource(error.text) }
            throw .failed(error.text)
        }
        if isLinked { state.tree.lay(tree) } else { swap(&tree, &state.tree) }
        state.needsSecondDerivation = state.needsSecondDerivation || state.tree.keptFiles
        commit(text + " " + written)
    }

    private static func copy(
        _ source: String,
        _ copy: FileCopy,
        _ placement: Placement,
        to destination: String,
        in tree: inout StageTree
    ) throws(StageTree.PathProblem) {
        // Paths that lead out of a context have been refused by the plan; in a stage `..` ends at the root.
        var path = source
        var pivot = ""
        if placement.keepsParents, let range = Self.pivot(in: source) {
            pivot = StageTree.clean(String(source[..<range.lowerBound]))
            path = String(source[..<range.lowerBound]) + "/" + String(source[range.upperBound...])
        }
        let matches = try copy.source.matches(StageTree.clean(path), keepsParents: placement.keepsParents) ?? []
        guard !matches.isEmpty else { throw .missing(StageTree.clean(path)) }
        for match in matches {
            try copy.source.check(match)
            try copy.source.check(try copy.source.resolve(match))
            if let archive = placement.archives[match] {
                let made = copy.owner ?? Owner()
                let directory = try tree.makeDirectories(destination, owner: made, modified: copy.epoch)
                try archive.unpack(match, into: &tree, at: directory, epoch: copy.epoch)
            } else if placement.keepsParents {
                try copy.copyWithParents(match, below: pivot, to: destination, in: &tree)
            } else {
                let followed = try copy.source.resolve(match)
                try copy.copy(followed, named: StageTree.name(of: match), to: destination, in: &tree)
            }
        }
    }

    private static func pivot(in source: String) -> Range<String.Index>? {
        guard let slash = source.indices.first(where: { source[$0...].hasPrefix("/./") }) else { return nil }
        return slash..<source.index(slash, offsetBy: 3)
    }

    private func copying(_ text: String, named name: String, as copy: FileCopy) -> FileCopy {
        let bytes = Array(text.utf8)
        var tree = StageTree()
        tree[name] = FileNode(kind: .file(.text(.of(bytes), bytes)), mode: 0o644)
        return FileCopy(
            source: tree,
            owner: copy.owner,
            mode: copy.mode,
            excludes: copy.excludes,
            keepsUnchanged: false,
            epoch: platform.epoch
        )
    }

    /// `WORKDIR`: sets the directory, and makes it for the user of the moment.
    mutating func workdir(_ path: String) throws(PlanProblem.Kind) {
        let written = try expand(path)
        let directory = "/" + StageTree.clean(absolute(written))
        state.execution.workingDir = directory
        let owner = try state.execution.user.flatMap { user throws(PlanProblem.Kind) in
            user.isEmpty ? nil : try self.owner(user)
        }
        do throws(StageTree.PathProblem) {
            try state.tree.makeDirectories(directory, owner: owner ?? Owner(), modified: platform.epoch)
        } catch {
            throw .failed(error.text)
        }
        commit("WORKDIR \(directory)")
    }

    // MARK: Small steps

    func expand(_ text: String) throws(PlanProblem.Kind) -> String {
        try state.scope.text(text, in: instruction)
    }

    private func expandOptional(_ text: String?) throws(PlanProblem.Kind) -> String? {
        guard let text else { return nil }
        let expanded = try expand(text)
        return expanded.isEmpty ? nil : expanded
    }

    private func found(_ path: String, in tree: StageTree) throws(PlanProblem.Kind) -> [String] {
        do {
            return try tree.matches(path) ?? []
        } catch {
            throw .failed(error.text)
        }
    }

    /// The destination from the root; a slash or `.` at its end stays, since it says that a directory is meant.
    ///
    /// As in BuildKit `..` goes back the way that is written, whatever links lead elsewhere.
    private func absolute(_ path: String) -> String {
        let directory = state.execution.workingDir ?? "/"
        let whole = path.hasPrefix("/") ? path : directory + "/" + (path.isEmpty ? "." : path)
        let clean = "/" + StageTree.clean(whole)
        return whole.hasSuffix("/") || whole.hasSuffix("/.") ? (clean == "/" ? clean : clean + "/") : clean
    }

    private func isDirectory(_ path: String, _ tree: StageTree) -> Bool {
        guard let resolved = try? tree.resolve(path) else { return false }
        return tree[resolved]?.isDirectory == true
    }

    private func owner(_ text: String) throws(PlanProblem.Kind) -> Owner {
        // Numbers need no files.
        if let owner = UserDatabase(passwd: "", group: "").owner(text) { return owner }
        let users = UserDatabase(
            passwd: try readIfThere("etc/passwd"),
            group: try readIfThere("etc/group")
        )
        guard let owner = users.owner(text) else {
            throw .failed(
                "'\(text.prefix(128))' is not a user or group of this image: give numbers, such as 65532:65532"
            )
        }
        return owner
    }

    private func readIfThere(_ path: String) throws(PlanProblem.Kind) -> String {
        guard let place = try? state.tree.resolve(path), case .file(let content)? = state.tree[place]?.kind else {
            return ""
        }
        return String(decoding: try platform.inputs.bytes(of: content, limit: RunExecution.longestText), as: UTF8.self)
    }
}
