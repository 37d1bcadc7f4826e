package io.velox.standalone.demo;

import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A data set that the demonstration knows by name and contents.
 *
 * @param name as the command line and benchmarks say
 * @param about what it is, for a person
 * @param files names of the zip file or folder that holds it
 * @param download where its authors publish it; empty if it has to be fetched by hand
 * @param archive what is published, as a whole; empty where that is not known
 * @param ratings the file inside with the ratings, however it was packed; empty where that is not known
 * @param rows lines with ratings
 */
record KnownDataSet(
        String name,
        String about,
        List<String> files,
        Optional<URI> download,
        Optional<Fingerprint> archive,
        Optional<Fingerprint> ratings,
        long rows) {
    private static final String GROUPLENS = "https://files.grouplens.org/datasets/movielens/";

    /** All of them. */
    static List<KnownDataSet> all() {
        return List.of(
                movieLens(
                        "ml-latest-small",
                        "MovieLens latest-small of September 2018",
                        "ml-latest-small",
                        Fingerprint.sha256(978_202, "696d65a3dfceac7c45750ad32df2c259311949efec81f0f144fdfb91ebc9e436"),
                        Optional.of(Fingerprint.md5(2_483_723, "325a6f09399d1c45671f187505e1a100")),
                        100_836),
                movieLens(
                        "ml-100k",
                        "MovieLens 100K",
                        "ml-100k",
                        Fingerprint.sha256(
                                4_924_029, "50d2a982c66986937beb9ffb3aa76efe955bf3d5c6b761f4e3a7cd717c6a3229"),
                        Optional.of(Fingerprint.md5(1_979_173, "6e47046882bad158b0efbb84cd5cb987")),
                        100_000),
                movieLens(
                        "ml-1m",
                        "MovieLens 1M",
                        "ml-1m",
                        Fingerprint.sha256(
                                5_917_549, "a6898adb50b9ca05aa231689da44c217cb524e7ebd39d264c56e2832f2c54e20"),
                        Optional.of(Fingerprint.md5(24_594_131, "a89aa3591bc97d6d4e0c89459ff39362")),
                        1_000_209),
                new KnownDataSet(
                        "ml-1m-users-1-2999",
                        "the ratings of users 1 to 2999 of MovieLens 1M, half of that set",
                        List.of("ml-1m-users-1-2999.zip", "ml-1m-users-1-2999"),
                        Optional.empty(),
                        Optional.of(Fingerprint.sha256(
                                2_938_915, "c87d0eaee88ea3e3534c8fbf537f9dc0ca08550ead6050ad055d37442f08938d")),
                        Optional.of(Fingerprint.md5(11_908_773, "aa653a502e6beda9559796cebccf36dd")),
                        487_650),
                movieLens(
                        "ml-10m",
                        "MovieLens 10M",
                        "ml-10M100K",
                        Fingerprint.sha256(
                                65_566_137, "813c411ccb6122564edfe752e7f80c4dcc5aa25fa94c93622f6877a7ba252862"),
                        Optional.of(Fingerprint.md5(265_105_635, "3f317698625386f66177629fa5c6b2dc")),
                        10_000_054),
                movieLens(
                        "ml-20m",
                        "MovieLens 20M",
                        "ml-20m",
                        Fingerprint.sha256(
                                198_702_078, "96f243c338a8665f6bcc89c53edf6ee39162a846940de6b7c8c48aeada765ff3"),
                        Optional.empty(),
                        20_000_263),
                movieLens(
                        "ml-25m",
                        "MovieLens 25M",
                        "ml-25m",
                        Fingerprint.sha256(
                                261_978_986, "8b21cfb7eb1706b4ec0aac894368d90acf26ebdfb6aced3ebd4ad5bd1eb9c6aa"),
                        Optional.empty(),
                        25_000_095),
                new KnownDataSet(
                        "goodbooks",
                        "goodbooks-10k, first release",
                        List.of("goodbooks-10k-v1.zip", "goodbooks-10k.zip", "goodbooks-10k"),
                        Optional.empty(),
                        Optional.empty(),
                        Optional.of(Fingerprint.md5(12_437_766, "d9f6e46055505c892180824e64b2234a")),
                        981_756));
    }

    /**
     * The set of this name.
     *
     * @throws IllegalArgumentException naming those there are
     */
    static KnownDataSet named(String name, List<KnownDataSet> known) {
        return known.stream()
                .filter(set -> set.name.equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--dataset must be one of "
                        + known.stream().map(KnownDataSet::name).collect(Collectors.joining(", "))
                        + " or synthetic, but is '" + name + "'"));
    }

    /** Whether the other one is this or a part of it, as their names say. */
    boolean includes(KnownDataSet other) {
        return other.name.equals(name) || other.name.startsWith(name + "-");
    }

    private static KnownDataSet movieLens(
            String name, String about, String folder, Fingerprint archive, Optional<Fingerprint> ratings, long rows) {
        return new KnownDataSet(
                name,
                about,
                Stream.of(name + ".zip", folder).distinct().toList(),
                Optional.of(URI.create(GROUPLENS + name + ".zip")),
                Optional.of(archive),
                ratings,
                rows);
    }
}
