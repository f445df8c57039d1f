package io.glossa.featurize.source;

import io.glossa.featurize.decode.RawFormat;
import java.util.Set;

/** Names that recordings have: an ending that FFmpeg's audio and video formats have, or one of a headerless format. */
final class AudioNames {
    private static final Set<String> ENDINGS = Set.of((
            // Audio
            "3ga aa3 aac ac3 ac4 adts aif aifc aiff alac amr ape apm aptx aptxhd ast au avr awb brstm c2 caf"
                    + " dff dfpwm dsf dts dtshd eac3 ec3 flac fsb g723_1 g726 g729 gsm iff 8svx ircam kvag latm loas"
                    + " m1a m2a m4a m4b m4r mka mlp mmf mp1 mp2 mp3 mpa mpc msf nist oga ogg oma omg opus paf pvf qcp"
                    + " ra rf64 rso sbc sds sf shn snd sox sph spx tak thd truehd tta vag voc vqf w64 wav wave wma"
                    + " wv wve xwma "
                    // Video, for its sound
                    + "3g2 3gp asf avi dv f4v flv m2ts m4v mkv mov mp4 mpeg mpg mts mxf nut ogm ogv rm rmvb tod ts vob"
                    + " webm wmv wtv")
            .split(" "));

    private AudioNames() {}

    static boolean contains(String name) {
        return ENDINGS.contains(Entry.ending(name)) || RawFormat.ofName(name).isPresent();
    }
}
