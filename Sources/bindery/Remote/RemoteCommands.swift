import ArtifactStore
import ContentAddress
import JSON
import OCI
import Printable
import Release
import SystemIO

extension GetCommand: RemoteCommand {
    func run(on server: RemoteServer) throws { try server.mirror(["\(release)"], of: self) { try run() } }
}

extension ChecksumsCommand: RemoteCommand {
    func run(on server: RemoteServer) throws { try server.mirror(["\(release)"], of: self) { try run() } }
}

extension ShowCommand: RemoteCommand {
    func run(on server: RemoteServer) throws {
        guard case .release(let release) = what else {
            throw UsageError(description: "--remote shows releases, name@version: the server's pages show images")
        }
        try server.mirror(["\(release)"], of: self) { try run() }
    }
}

extension ContextCommand: RemoteCommand {
    func run(on server: RemoteServer) throws {
        try server.mirror(build.releases.map { "\($0)" }, of: self) { try run() }
    }
}

extension SealCommand: RemoteCommand {
    func run(on server: RemoteServer) throws {
        try server.mirror(["\(release)"], of: self, returning: true) { try run() }
    }
}

extension PutCommand: RemoteCommand {
    func run(on server: RemoteServer) throws {
        guard !draft, !dryRun, !amend else {
            throw UsageError(
                description: "--draft, --amend and --dry-run are for a store of this machine, not for --remote"
            )
        }
        try server.mirror([], of: self, returning: true) { try run() }
    }
}

extension ListCommand: RemoteCommand {
    func run(on server: RemoteServer) throws {
        guard !draft, after == nil, limit == nil else {
            throw UsageError(
                description: "--draft, --after and --limit are for a store of this machine, not for --remote"
            )
        }
        let wanted = try patterns.map { text in
            do { return try ReleasePattern(parsing: text) } catch { throw UsageError(description: "\(error)") }
        }
        var found: [JSONValueView] = []
        var after: String?
        repeat {
            let place = after.map { "&after=" + PercentEncoding.encode($0) } ?? ""
            guard let page = try server.document("releases?limit=200\(place)")?.value, let list = page["releases"]
            else {
                throw StoreError.notFound(what: "bindery's API at \(printable(server.name))", hint: nil)
            }
            found += list.elements.filter { item in
                guard let release = item.release else { return false }
                return wanted.isEmpty || wanted.contains { $0.matches(release) }
            }
            after = page["next"]?.string
        } while after != nil
        for pattern in wanted
        where !found.contains(where: { item in item.release.map { pattern.matches($0) } ?? false }) {
            throw StoreError.notFound(what: "'\(printable(pattern.text))' at \(printable(server.name))", hint: nil)
        }
        if options.json { return Output.raw("{\"releases\": [\(found.map(\.text).joined(separator: ", "))]}") }
        var table = Table(
            [("NAME", .path), ("VERSION", .left), ("PLATFORMS", .left), ("SIZE", .right), ("PUT", .left)],
            leftOut: ["PUT", "SIZE"]
        )
        for item in found {
            let platforms = (item["artifacts"]?.elements ?? []).compactMap { $0["platform"]?.string }
            table.add(
                item["name"]?.string ?? "",
                item["version"]?.string ?? "",
                Set(platforms).sorted().joined(separator: ", "),
                ByteCount.text(item["size"]?.int64 ?? 0),
                item["putAt"]?.string ?? ""
            )
        }
        table.print()
    }
}

extension WhereCommand: RemoteCommand {
    func run(on server: RemoteServer) throws {
        guard let subject, platform == nil, !near else {
            throw UsageError(
                description: "--base, --module, --platform and --near are for a store of this machine, not for --remote"
            )
        }
        let isFile = (try? FileStatus.of(subject)) != nil
        let path: String
        if !isFile, let release = try? ReleaseKey(parsing: subject) {
            path = "release/images?release=" + PercentEncoding.encode("\(release)") + "&limit=1000"
        } else {
            let digest = try isFile ? InputFile.open(subject).digest() : Digest(parsing: subject)
            path = "artifacts/\(digest)/images?limit=1000"
        }
        guard let document = try server.document(path)?.value else {
            throw StoreError.notFound(what: "bindery's API at \(printable(server.name))", hint: nil)
        }
        let found = document["found"]?.elements ?? []
        if options.json {
            Output.raw(document.text)
        } else {
            var table = Table(
                [("IMAGE", .path), ("PLATFORM", .left), ("PATH", .path), ("VERDICT", .left)],
                leftOut: ["VERDICT"]
            )
            for item in found {
                table.add(
                    item["references"]?.elements.first?.string ?? item["image"]?.string ?? "",
                    item["platform"]?.string ?? "",
                    item["path"]?.string ?? "",
                    item["verdict"]?.string ?? ""
                )
            }
            table.print()
            let audited = document["auditedImages"]?.int64 ?? 0
            let images = Set(found.compactMap { $0["image"]?.string }).count
            Output.line("in \(images) of \(ByteCount.counted(Int(audited), "audited image"))")
        }
        if found.isEmpty { throw ExitStatus.no }
    }
}

extension JSONValueView {
    fileprivate var release: ReleaseKey? {
        guard let name = self["name"]?.string, let version = self["version"]?.string else { return nil }
        return try? ReleaseKey(parsing: "\(name)@\(version)")
    }

    /// The text of the value, as it came.
    fileprivate var text: String { String(decoding: source, as: UTF8.self) }
}
