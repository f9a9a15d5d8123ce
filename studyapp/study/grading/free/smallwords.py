"""The small words of English: short ways to write, words without content of their own, negations, turns of a sentence."""

from __future__ import annotations

# a short or colloquial way to write, and the word that is meant
_SHORTENED = """
bc=because cuz=because cos=because coz=because cause=because w=with wo=without vs=versus img=image imgs=images pic=picture pics=pictures
u=you ur=your b4=before dims=dimensions dim=dimension enc=encoder dec=decoder gen=generator disc=discriminator seq=sequence
param=parameter params=parameters vec=vector vecs=vectors vocab=vocabulary approx=about info=information nr=number num=number
diff=different pos=position emb=embedding embs=embeddings attn=attention temp=temperature prob=probability probs=probabilities
thru=through lil=little lang=language eg=example nn=network nns=networks rnd=random init=initial lm=language llms=llm vlms=vlm cnns=cnn
vits=vit gans=gan acc=accuracy max=maximum min=minimum avg=average dont=don't doesnt=doesn't isnt=isn't cant=can't wont=won't arent=aren't
didnt=didn't wasnt=wasn't couldnt=couldn't wouldnt=wouldn't shouldnt=shouldn't havent=haven't hasnt=hasn't aint=isn't werent=weren't
neednt=needn't dosnt=doesn't dosent=doesn't doesent=doesn't didint=didn't isent=isn't cannt=can't teh=the hte=the wich=which whcih=which
yuo=you tho=though alot=lots foto=photo fotos=photos evry=every lern=learn lerns=learns lernt=learned ther=there afer=after coud=could
rong=wrong los=loss smal=small wat=what thier=their diffrent=different wether=whether &=and +=and ²=squared →=to ≠=differs ≈=about
∞=infinite
"""
_UNITS = "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen"  # "one" is a pronoun more often
_MORE = "twenty=20 thirty=30 hundred=100 thousand=1000 twice=2 double=2 doubles=2 doubling=2"
_STOP_WORDS = """
a an the of to in on at by for with from into onto as is are was were be been being am do does did doing has have had having it
its itself this that these those there here he she they them their theirs we us our you your i me my mine one ones which who whom
whose what where when how why and or but if then than so because while although though since also too very really quite just about
like such can could will would shall should may might must not no nor n't never yes well even still yet per via within between
among upon over under up down out off through during until again further both either neither some any other another own same each
every e g ie eg etc cannot get gets got thing things way ways kind sort basically actually simply think mean means called say says
something anything let lets rather instead without only more most less much many few whether now e.g i.e it's that's whats versus
himself themselves s t re ve ll d m
"""
_LIGHT_WORDS = """
only more most less much many few own same each every other another all both single again
"""
_NOT_WORDS = """
not n't no never none nothing neither nor cannot without hardly barely lack lacks lacking absent fails fail failed unable
impossible instead myth wrong false incorrect misconception untrue nobody nowhere avoid avoids unlike stop stops stopped zero
"""
_META_WORDS = """
myth misconception untrue
"""
_BREAK_WORDS = """
but however rather whereas while although though yet instead so therefore because since hence thus which that then
"""
_CLAUSE_WORDS = """
but because whereas while although though however so therefore since hence thus if when then unless
"""
_UN_WORDS = """
untrained unmatched unrelated unaligned unordered unlabelled unlabeled unaffected unlearned uncompressed unfrozen unsupported
unreliable unrealistic unreadable unimportant unlimited unclear
"""

SHORT = dict(pair.split("=") for pair in _SHORTENED.split())
NUMBERS = {word: str(value) for value, word in enumerate(_UNITS.split(), 2)} | dict(pair.split("=") for pair in _MORE.split())
STOP = frozenset(_STOP_WORDS.split())  # without content of their own (the sense of some of them is looked at elsewhere)
LIGHT = frozenset(_LIGHT_WORDS.split())  # of little weight, not of none
NOT = frozenset(_NOT_WORDS.split())
META = frozenset(_META_WORDS.split())  # what follows is called untrue
BREAK = frozenset(_BREAK_WORDS.split())  # a negation does not reach beyond these
CLAUSE = frozenset(_CLAUSE_WORDS.split())  # these begin a clause
UN = frozenset(_UN_WORDS.split())  # negated by their prefix
