import ArtifactStore
import Attestation
package import ContentAddress
package import ImageAuditor
import ImageFileSystem
import JSON
import OCI
import Printable
import Release

/// Which released file stands where in an image, as a statement (docs/predicates/containment.md).
///
/// It is made from an audit of the image's bytes, and an audit derives again what it claims.
enum Containment {
    /// The statement about an image that was audited; nil where nothing in it is released.
    static func statement(about audit: ImageAudit) -> Statement? {
        guard let digest = audit.digest else { return nil }
        var subjects = [Statement.Subject(name: nil, digest: digest)]
        var seen: Set<Digest> = [digest]
        func add(_ digest: Digest, _ name: String) {
            if seen.insert(digest).inserted { subjects.append(Statement.Subject(name: name, digest: digest)) }
        }
        for platform in audit.platforms { add(platform.manifest, platform.platform) }
        var platforms: [JSONValue] = []
        var hasFiles = false
        for platform in audit.platforms {
            var files: [JSONValue] = []
            for file in platform.files where file.identity.isReleased {
                guard let digest = file.digest, let key = file.artifacts.first?.key,
                    let diffID = platform.diffID(of: file)
                else { continue }
                add(digest, key.pathByPlatform)
                files.append(
                    .object([
                        "diffID": .string(diffID.description),
                        "digest": .string(digest.description), "layer": .int(Int64(file.layer)),
                        "mode": .string(Self.mode(file)), "path": .string(file.path.documentText),
                        "release": .object([
                            "file": .string(key.file.text), "name": .string(key.name.text),
                            "platform": .string(key.platform.description), "version": .string(key.version.text),
                        ]),
                    ])
                )
            }
            hasFiles = hasFiles || !files.isEmpty
            platforms.append(
                .object([
                    "files": .array(files), "manifest": .string(platform.manifest.description),
                    "platform": .string(platform.platform),
                ])
            )
        }
        guard hasFiles else { return nil }
        return Statement(
            subjects: subjects,
            predicateType: PredicateType.containment,
            predicate: .object(["image": .string(digest.description), "platforms": .array(platforms)])
        )
    }

    /// Holds what a statement claims against an audit of the image, or of one of its platforms' manifests.
    ///
    /// Throws ``StatementProblem`` for the first claim that the image's bytes, or the store's releases, don't bear out.
    /// What was released since, and isn't in the claim, doesn't contradict it.
    static func check(_ statement: Statement, against audit: ImageAudit) throws {
        guard let digest = audit.digest, let predicate = statement.predicate,
            let image = predicate["image"]?.string, let claims = predicate["platforms"]?.elements,
            claims.contains(where: { $0["files"]?.elements.isEmpty == false })
        else { throw StatementProblem("it claims nothing that can be derived again") }
        let isWhole = image == digest.description
        var (claimed, files): (Set<String>, Set<Digest>) = ([], [digest])
        for claim in claims {
            guard let manifest = claim["manifest"]?.string else { throw StatementProblem("a platform has no manifest") }
            guard claimed.insert(manifest).inserted else {
                throw StatementProblem("it names the manifest \(manifest) twice")
            }
            guard let platform = audit.platforms.first(where: { $0.manifest.description == manifest }) else {
                // Asked about one platform's manifest, it may speak of the others, which weren't read.
                guard isWhole else { continue }
                throw StatementProblem("the image has no manifest \(manifest)")
            }
            files.formUnion(try check(claim, against: platform))
        }
        for platform in audit.platforms where !claimed.contains(platform.manifest.description) {
            throw StatementProblem("it doesn't speak of \(platform.platform)")
        }
        guard isWhole else { return }
        files.formUnion(audit.platforms.map(\.manifest))
        for subject in statement.subjects {
            guard let digest = subject.digest, files.contains(digest) else {
                throw StatementProblem("its subject \(subject.name ?? "") is not in the image")
            }
        }
    }

    private static func check(_ claim: JSONValueView, against platform: PlatformAudit) throws -> Set<Digest> {
        guard claim["platform"]?.string == platform.platform else {
            throw StatementProblem("\(platform.manifest) is for \(platform.platform)")
        }
        let files = Dictionary(platform.files.map { ($0.path.documentText, $0) }) { first, _ in first }
        var found: Set<Digest> = [platform.manifest]
        for claim in claim["files"]?.elements ?? [] {
            let path = claim["path"]?.string ?? ""
            guard let file = files[path], let digest = file.digest else {
                throw StatementProblem("\(platform.platform) has no file \(path)")
            }
            guard claim["digest"]?.string == digest.description else {
                throw StatementProblem("\(path) has the digest \(digest)")
            }
            guard claim["mode"]?.string == mode(file), claim["layer"]?.int64 == Int64(file.layer),
                claim["diffID"]?.string == platform.diffID(of: file)?.description
            else { throw StatementProblem("\(path) stands in another layer, or has another mode") }
            let release = claim["release"]
            guard
                file.artifacts.contains(where: { artifact in
                    release?["name"]?.string == artifact.key.name.text
                        && release?["version"]?.string == artifact.key.version.text
                        && release?["platform"]?.string == artifact.key.platform.description
                        && release?["file"]?.string == artifact.key.file.text
                })
            else { throw StatementProblem("\(path) is not what it says it was released as") }
            found.insert(digest)
        }
        return found
    }

    private static func mode(_ file: AuditedFile) -> String { FileMode.text(file.mode) }
}

extension PlatformAudit {
    /// The uncompressed digest of the layer that brought a file; nil for what isn't in a layer.
    package func diffID(of file: AuditedFile) -> Digest? {
        layers.indices.contains(file.layer) ? layers[file.layer].diffID : nil
    }
}
