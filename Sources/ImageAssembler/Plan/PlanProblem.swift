package import Dockerfile
package import OCI
import Printable

/// Something in a Dockerfile that doesn't fit the releases, or a release's context.
package struct PlanProblem: Error, Equatable, Sendable {
    /// What doesn't fit.
    package enum Kind: Error, Equatable, Sendable {
        /// A source is not a file of the context; `elsewhere` are the platforms that have it.
        case missingFile(source: String, has: [String], elsewhere: [String] = [])
        /// A source is the name of several files.
        case sharedName(String, of: [String])
        /// A directory or pattern would reach, in a context, what is written there for another instruction.
        case reachesOther(source: String, name: String, line: Int)
        /// A directory or pattern takes names by `--naming`, and not what stands under plain paths alone.
        case leavesOut(source: String, [String])
        /// A source differs by platform in an instruction that can't be written anew for a context.
        case notRewritable(source: String)
        /// A source is another file on each platform, and the variable that tells them apart has one value for all.
        case notDivisible(source: String, variable: String)
        /// A source leads to a file under a name that the context needs for itself.
        case reservedName(String, of: String)
        /// A variable that the stage doesn't declare is nothing in the instruction.
        case undeclared(String)
        /// A source is a malformed pattern.
        case badPattern(source: String)
        /// A source leads out of the context.
        case escapes(source: String)
        /// A file for one platform goes into the image of another.
        case wrongPlatform(file: String, isFor: String)
        /// The stage that is built stands on a base of a fixed platform.
        case fixedPlatform(String)
        /// Commands would run in the build; with a reason, they can't be carried out here.
        case runs(RunRefusal?)
        /// Something would be fetched in the build.
        case fetches(source: String)
        /// Code would run in the builds of images that start from this one.
        case triggers
        /// A base image has a trigger, an instruction of the stage that starts from it, which can't be carried out.
        indirect case baseTrigger(image: String, String, Self)
        /// A base image has triggers, which an engine carries out.
        case engineTriggers(image: String, [String])
        /// `--from` or `FROM` names a stage that comes later or not at all.
        case noStage(String)
        /// `FROM` names a release that the caller gives a name.
        case releaseAsBase(String)
        /// The stage that is built has a name that the caller gives to something else.
        case replacedTarget(String)
        /// What is to be copied, or built on, can be read in two ways.
        case ambiguousSource(String)
        /// The instruction can't be carried out.
        case failed(String)
        /// Engines take the instruction, and differ in what they make of it.
        case differing(String)
        /// The instruction can't be evaluated.
        case invalid(DockerfileError.Problem)

        /// Whether an engine runs or fetches something by the instruction.
        package var needsEngine: Bool {
            switch self {
            case .runs, .fetches, .triggers: true
            case .missingFile, .sharedName, .reachesOther, .leavesOut, .notRewritable, .notDivisible,
                .reservedName, .undeclared,
                .badPattern,
                .escapes, .wrongPlatform, .fixedPlatform, .baseTrigger, .engineTriggers, .noStage, .releaseAsBase,
                .replacedTarget,
                .ambiguousSource, .failed, .differing, .invalid:
                false
            }
        }

        /// Whether engines take the instruction all the same.
        var isTakenByEngines: Bool { if case .differing = self { true } else { false } }

        /// Whether it is an image that is wrong, in contrast to the Dockerfile.
        package var isIntegrity: Bool {
            switch self {
            case .ambiguousSource: true
            case .baseTrigger(_, _, let problem): problem.isIntegrity
            default: false
            }
        }
    }

    /// The instruction's lines.
    package let lines: ClosedRange<Int>
    /// The instruction's name.
    package let instruction: String
    /// The platforms in whose build it comes up; empty when it does in all.
    package var platforms: [Platform]
    /// What doesn't fit.
    package let kind: Kind
}

extension PlanProblem: CustomStringConvertible {
    /// One line for a person: place, what was found, what would be right.
    package var description: String { message.text }

    private var message: Message {
        let place = lines.count > 1 ? "lines \(lines.lowerBound) to \(lines.upperBound)" : "line \(lines.lowerBound)"
        let scope: Message = platforms.isEmpty ? "" : " (\(platforms.map(\.description).joined(separator: ", ")))"
        return "\(place), \(instruction)\(scope): \(kind.text)"
    }
}

extension PlanProblem.Kind {
    /// What was found and what would be right, for a person.
    fileprivate var text: Message {
        switch self {
        case .missingFile(let source, _, let elsewhere) where !elsewhere.isEmpty:
            "'\(source.prefix(128))' is released for \(elsewhere.joined(separator: ", ")) alone: put it for this platform, "
                + "or give --platform"
        case .missingFile(let source, let has, _):
            "'\(source.prefix(128))' is not a file of the releases; they have "
                + Message(has.isEmpty ? "none" : has.joined(separator: ", "))
        case .sharedName(let name, let files):
            "'\(name.prefix(128))' would be the name of several files: \(files.joined(separator: ", and ")); give a "
                + "--naming that tells them apart, such as '{name}-{version}-{os}-{arch}'"
        case .reachesOther(let source, let name, let line):
            "'\(source.prefix(128))' would also take '\(name)', which is in the context for line \(line): name the files "
                + "that are meant"
        case .leavesOut(let source, let names):
            "'\(source.prefix(128))' takes what --naming names, and not "
                + Message(names.prefix(8).joined(separator: ", "))
                + (names.count > 8 ? " and \(names.count - 8) more" : "")
                + ": '$TARGETPLATFORM/' has all files of a platform"
        case .notRewritable(let source):
            "'\(source.prefix(128))' is another file on each platform: write '$TARGETPLATFORM/\(source.prefix(128))', or give "
                + "one --platform"
        case .notDivisible(let source, let value):
            "'\(source.prefix(128))' is another file on each platform, and \(DockerfileEdit.variable) is "
                + "'\(value.prefix(64))' here for several: leave its value to the engine, or give --split"
        case .reservedName(let name, let file):
            "the context has a file of its own under the name '\(name.prefix(128))', which \(file) would get: name the "
                + "files that are meant, or put this one under another path"
        case .undeclared(let name):
            "the stage has no variable '\(name.prefix(64))', so nothing takes its place: write 'ARG \(name.prefix(64))' before this line"
        case .badPattern(let source): "'\(source.prefix(128))' is not a well-formed pattern"
        case .escapes(let source): "'\(source.prefix(128))' leads out of the context"
        case .wrongPlatform(let file, let isFor):
            "'\(file)' is for \(isFor): name the file by ${TARGETARCH}, so that each platform gets its own"
        case .fixedPlatform(let text):
            "--platform=\(text.prefix(64)) is the same for all platforms: leave it out, and each one stands on its own base"
        case .runs(nil):
            "an engine would run this: --allow-run lets it, and `bindery build` carries out by itself what only places files"
        case .runs(let refusal?): "\(refusal)"
        case .fetches(let source):
            "'\(source.prefix(128))' would be fetched at build time: put the file in the store, and COPY it"
        case .triggers:
            "a trigger would run in the builds of others: leave it out"
        case .baseTrigger(let name, let trigger, let problem):
            "the base image '\(name.prefix(128))' has the trigger '\(trigger.prefix(256))' (ONBUILD), which comes before all "
                + "else: \(problem.text); or take a base without it, and do what it does in this file"
        case .engineTriggers(let name, let triggers):
            "the base image '\(name.prefix(128))', as it is in the store, has triggers (ONBUILD), which an engine carries out "
                + "before all else, and for which the context has no files of its own: "
                + Message(triggers.prefix(8).map { "'\($0.prefix(128))'" }.joined(separator: ", "))
                + (triggers.count > 8 ? " and \(triggers.count - 8) more" : "")
        case .noStage(let name): "'\(name.prefix(128))' is not an earlier stage"
        case .releaseAsBase(let name):
            "--build-context \(name.prefix(128)) is a release, which no stage can start from: COPY --from=\(name.prefix(128)) "
                + "takes its files"
        case .replacedTarget(let name):
            "--build-context \(name.prefix(128)) replaces the stage that is built: build another stage, or give another name"
        case .failed(let reason), .differing(let reason), .ambiguousSource(let reason): Message(message: reason)
        case .invalid(let problem): "\(problem)"
        }
    }
}
