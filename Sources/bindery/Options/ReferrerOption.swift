import ArgumentParser
import ImageTransport
import Printable

/// Whether what refers to an image goes with it, for each command that writes images elsewhere.
struct ReferrerOption: ParsableArguments {
    @Flag(help: "Leave signatures, attestations, SBOMs and whatever else refers to the image behind.")
    var noReferrers = false

    /// What goes with an image; says what doesn't.
    func find(
        for image: ImageOutline,
        in source: some ImageSource,
        to destination: any ImageDestination
    ) -> ImageReferrers {
        guard !noReferrers, destination.takesReferrers else { return ImageReferrers() }
        let referrers = ImageReferrers(to: image, in: source)
        for line in referrers.leftOut { Output.warning("left behind: \(message: line)") }
        return referrers
    }
}
