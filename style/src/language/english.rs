//! The table for English.
//!
//! The lists are this project's own. They are short on purpose and hold frequent, unambiguous words.

use super::{DimensionNames, Language};

/// English.
pub const ENGLISH: Language = Language {
    tag: "en",
    name: "English",
    abbreviations: "e.g i.e eg ie etc vs cf mr mrs ms dr prof st approx fig al inc ltd a.m p.m \
                    u.s u.k",
    address: "you your yours yourself yourselves",
    self_mention: "i me my mine myself we us our ours ourselves",
    pronouns: "he him his himself she her hers herself it its itself they them their theirs \
               themselves this that these those who whom what something anything nothing \
               everything someone anyone nobody everybody everyone somebody here there",
    articles: "a an the each every either neither some any no another such both all",
    prepositions: "of in on at by for from with without within into onto over under between among \
                   through during before after about against across behind beyond near per via \
                   upon toward towards despite throughout regarding concerning along around above \
                   below beneath beside besides inside outside until",
    verbs: "is are was were am be been being do does did done has have had having will would can \
            could shall should may might must get gets got go goes went going come comes came \
            make makes made take takes took say says said know knows knew think thinks thought \
            see sees saw want wants wanted give gives gave tell tells told feel feels felt let \
            lets try tries tried need needs needed like likes liked use uses used find finds \
            found keep keeps kept put puts look looks looked ask asks asked work works worked \
            seem seems seemed help helps start starts begin begins run runs read reads write \
            writes mean means meant happen happens show shows",
    adverbs: "not very too so just also then now still even again always never often sometimes \
              soon already yet maybe perhaps quite rather pretty well only ever almost away back \
              down up out off how when where why today tomorrow yesterday once twice instead \
              anyway",
    interjections: "oh ah hey hi hello wow yeah yes yep no nope okay ok oops ouch ugh hmm huh \
                    well please thanks bye haha lol gosh sure",
    hedges: "may might could perhaps maybe probably possibly possible likely unlikely apparently \
             presumably seem seems seemed appear appears appeared suggest suggests tend tends \
             generally usually typically often sometimes somewhat roughly approximately about_as \
             almost relatively fairly largely mostly mainly partly can_be depends depending \
             i_think i_believe i_guess i_suppose i_would_say i'd_say in_my_opinion in_my_view \
             as_far_as_i_know not_sure not_certain unsure unclear uncertain kind_of sort_of a_bit \
             a_little or_so more_or_less in_general in_most_cases in_many_cases in_some_cases \
             might_be could_be would_be_worth if_possible arguably supposedly potentially",
    boosters: "clearly certainly definitely obviously undoubtedly surely absolutely always never \
               must indeed truly really very extremely totally completely entirely exactly \
               precisely simply of_course no_doubt without_doubt without_a_doubt in_fact \
               i_am_sure i'm_sure know_that the_fact_is undeniably evidently guaranteed guarantee \
               perfectly utterly highly incredibly everyone_knows prove proves proven",
    warm: "thank_you thanks welcome glad happy_to love loved lovely wonderful great fantastic \
           amazing awesome congrats congratulations proud sorry sympathy understandable \
           understand_how i_understand i_hear_you hug hugs care caring kind kindly gentle gently \
           dear friend friends enjoy hope_this hope_you hope_that best_of_luck good_luck \
           take_care well_done good_job nice_work great_job you've_got_this you_got_this \
           don't_worry no_worries be_kind cheer cheers comfort comforting encouraging encourage \
           feel_free happy delighted delightful warm warmly hello hi hey please appreciate \
           appreciated brave it's_okay it's_ok that's_okay not_alone completely_normal together",
    imperatives: "add ask avoid be begin bring build buy call change check choose click close \
                  combine compare complete consider contact continue copy cook cover create cut \
                  decide define describe do don't download draw eat enable ensure enter explain \
                  fill find follow get give go hold identify imagine include install join keep \
                  learn leave let let's list listen look make measure mix move never note offer \
                  open pack pay pick place plan practice practise prepare press pull push put \
                  read remember remove repeat replace review run save say search see select send \
                  set share show sit skip sleep speak spend start stay stick stir stop store take \
                  talk tell test think train try turn type update use visit wait walk wash watch \
                  wear work write",
    obligations: "must need_to needs_to have_to has_to should ought_to make_sure be_sure \
                  had_better required_to don't_forget under_no_circumstances",
    things: "apple arm baby bag ball bank bed bike bird board boat body book bottle bowl box \
             bread bridge brush bus butter cake camera car card cat chair cheese chicken child \
             children church city clock cloud coat coffee computer cup dog door dress egg eggs \
             engine eye eyes face farm field finger fire fish floor flour flower foot feet fork \
             fruit garden gate glass gold grass hair hammer hand hands hat head heart hill horse \
             hospital house ice island jacket key kitchen knife lake lamp leaf leaves leg letter \
             light lion lemon map market meat milk mirror money monkey moon mountain mouse mouth \
             neck nose oil onion orange oven page pan paper pen pencil phone photo picture plane \
             plant plate pot potato rain rice ring river road rock roof room rope salt sand sea \
             seed ship shirt shoe shoes shop sink skin sky snow soap sock soup spoon star stone \
             store street sugar sun table tea tent ticket tomato tooth towel town train tree \
             truck wall water wheel wind window wine wood woman women man men cm km kg g ml mm \
             mile miles meter meters metre metres gram grams pound pounds inch inches minute \
             minutes hour hours second seconds day days week weeks dollar dollars euro euros \
             percent degrees",
    examples: "e.g i.e for_example for_instance such_as namely imagine in_other_words \
               that_is_to_say including specifically say_you suppose picture_this to_illustrate",
    reasons: "because since therefore thus hence so_that as_a_result consequently due_to however \
              although though whereas nevertheless despite otherwise unless which_means \
              this_means in_order_to on_the_other_hand in_contrast after_all the_reason leads_to \
              accordingly",
    contraction_endings: "n't 're 've 'll 'd 'm",
    before_contracted_s: "it that there here what who where how he she let this everything \
                          everybody everyone nobody somebody someone something nothing",
    spelled_out: "do_not does_not did_not is_not are_not was_not were_not will_not would_not \
                  could_not should_not have_not has_not had_not can_not cannot i_am you_are \
                  we_are they_are it_is that_is there_is here_is what_is who_is he_is she_is \
                  i_will you_will we_will they_will it_will he_will she_will i_would you_would \
                  we_would they_would i_have you_have we_have they_have let_us",
    abstract_endings: "tion tions sion sions ness ity ities ance ence ism ship hood",
    noun_endings: "ment ments ture",
    adverb_endings: "ly",
    dimensions: [
        names("Length", "thorough", "brief", "How few words it takes."),
        names(
            "Sentences",
            "short sentences",
            "long sentences",
            "How many words its sentences have.",
        ),
        names(
            "Words",
            "plain words",
            "learned words",
            "How long its words are.",
        ),
        names(
            "Paragraphs",
            "airy",
            "dense",
            "How many words stand together without a break.",
        ),
        names("Lists", "prose", "lists", "How much of it stands in lists."),
        names(
            "Headings",
            "without headings",
            "with headings",
            "How many headings it has.",
        ),
        names(
            "Emphasis",
            "plain type",
            "bold type",
            "How much of it is set in bold or italics.",
        ),
        names("Code", "in words", "in code", "How much of it is code."),
        names(
            "Questions",
            "no questions",
            "questions back",
            "How many of its sentences are questions.",
        ),
        names(
            "Exclamations",
            "calm",
            "excited",
            "How many of its sentences end in an exclamation mark.",
        ),
        names("Emoji", "no emoji", "emoji", "How many emoji it has."),
        names("Address", "general", "personal", "How often it says you."),
        names(
            "Self-mention",
            "impersonal",
            "first person",
            "How often it says I or we.",
        ),
        names(
            "Caution",
            "decided",
            "cautious",
            "How often it says perhaps, probably, it depends.",
        ),
        names(
            "Emphatic words",
            "measured",
            "emphatic",
            "How often it says certainly, definitely, always.",
        ),
        names(
            "Warmth",
            "reserved",
            "warm",
            "How often it thanks, comforts, praises and wishes well.",
        ),
        names(
            "Formality",
            "casual",
            "formal",
            "How much it names things rather than pointing to the situation.",
        ),
        names(
            "Contractions",
            "spelled out",
            "contracted",
            "How often it writes don't for do not.",
        ),
        names(
            "Directness",
            "explanations",
            "instructions",
            "How many of its sentences say what to do.",
        ),
        names(
            "Concreteness",
            "abstract",
            "concrete",
            "How much it speaks of things, numbers and names.",
        ),
        names(
            "Examples",
            "without examples",
            "with examples",
            "How often it gives an example.",
        ),
        names(
            "Reasoning",
            "statements",
            "reasons",
            "How often it says because, therefore, however.",
        ),
    ],
};

const fn names(
    label: &'static str,
    low: &'static str,
    high: &'static str,
    description: &'static str,
) -> DimensionNames {
    DimensionNames {
        label,
        low,
        high,
        description,
    }
}
